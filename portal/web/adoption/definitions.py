"""What each figure means: the words of DOMAIN §2, once. Every popover takes them from here."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Definition:
    """A name and plain words, in the reader's language when they are said."""

    name: object
    text: object


DEFINITIONS: dict[str, Definition] = {
    "activation_rate": Definition(
        _l("Activation rate"),
        _l(
            "People set up who have used the product at least once, of the seats you bought "
            "(of the people set up where no number of seats is known). It may exceed 100 %%."
        ),
    ),
    "activation_rate_named": Definition(
        _l("Activation rate"),
        _l(
            "People set up who have done at least once what counts as a beginning, of the seats "
            "you bought (of the people set up where no number of seats is known). It may exceed "
            "100 %%."
        ),
    ),
    "login_ratio_30d": Definition(
        _l("Login ratio"),
        _l("Different people set up who were active in the 30 days, of all people set up."),
    ),
    "login_ratio_7d": Definition(
        _l("Login ratio, 7 days"),
        _l("Different people set up who were active in the last 7 days, of all people set up."),
    ),
    "active": Definition(
        _l("Active people"),
        _l(
            "Different people with at least one event in the last 30 days, beside all people set "
            "up."
        ),
    ),
    "mau": Definition(
        _l("Active people, 30 days"),
        _l("Different people with at least one event in the 30 days, set up or not."),
    ),
    "wau": Definition(
        _l("Active people, 7 days"),
        _l("Different people with at least one event in the 7 days, set up or not."),
    ),
    "dau": Definition(
        _l("Active people, one day"),
        _l("Different people with at least one event on the last full day, set up or not."),
    ),
    "weekly": Definition(
        _l("Active people by week"),
        _l(
            "Different people with at least one event in seven days, beside the people set up on "
            "the last of them. The last week ends with the last day shown; there are at least "
            "twelve, so that a course is seen in a short window, too."
        ),
    ),
    "hours": Definition(
        _l("When people work"),
        _l(
            "How many people were active in an hour, on average over the days of that weekday: of "
            "the days shown, and of four weeks at least. Hours are those of the account's time "
            "zone. Days told as daily sums are left out."
        ),
    ),
    "stickiness": Definition(
        _l("Stickiness"),
        _l("On how many of the 30 days the average active person comes."),
    ),
    "time_online": Definition(
        _l("Time online"),
        _l(
            "Minutes between neighbouring active minutes of a person that are at most 30 "
            "minutes apart, summed over all people and days shown. Where the use of a day came as "
            "a sum, without times, nobody knows its minutes: that day is left out, which is said."
        ),
    ),
    "breadth": Definition(
        _l("Breadth"),
        _l("Core features that somebody used in the window, of those in the contract."),
    ),
    "depth": Definition(
        _l("Depth"),
        _l(
            "For each core feature in the contract: uses per person who used it and week, against "
            "its weekly target, at most 1; 0 where nobody used it. The depth is their mean."
        ),
    ),
    "time_online_each": Definition(
        _l("Time online each"),
        _l(
            "Time online of the 30 days, shared among the people active in them. Not known where "
            "the use of any of these days came as a sum, without times."
        ),
    ),
    "time_online_person": Definition(
        _l("Time online per person"),
        _l(
            "Minutes between neighbouring active minutes of a person that are at most 30 minutes "
            "apart, on the day of the earlier one. The median is the middle one of the people "
            "active on the day: half of them spent as much or more. Days told as daily sums have "
            "no minutes and are left empty."
        ),
    ),
    "integration_calls": Definition(
        _l("Integration calls"),
        _l(
            "Events that came through the API or an integration, counted per day and by the name "
            "that the integration gives itself. Daily sums name no way that they came by: where "
            "only they were told, the calls are not known."
        ),
    ),
    "retention": Definition(
        _l("Retention"),
        _l(
            "Everybody belongs to the week of their first event. Each cell says how many of them "
            "were active that many weeks later. Weeks run from Monday to Sunday in the account's "
            "time zone, so that no weekend splits a working week. Only weeks that are over count. "
            "Who leaves stays in their week."
        ),
    ),
    "volume": Definition(
        _l("Business volume"),
        _l(
            "What the product reported for this series on the days shown, added up; "
            "corrections are taken off."
        ),
    ),
    "volume_month": Definition(
        _l("Business volume"),
        _l(
            "What the product reported for this series in the 30 days, added up; corrections are "
            "taken off."
        ),
    ),
    "teams": Definition(
        _l("By team"),
        _l(
            "The people set up in the team on the last day. Active is who had at least one event "
            "on the days shown, and the login ratio is their share. Active days and time online "
            "are spread over everybody in the team. Who is not set up is in no team."
        ),
    ),
    "person": Definition(
        _l("Person by person"),
        _l(
            "Active days: days shown with at least one event. Time online: minutes between "
            "neighbouring active minutes that are at most 30 minutes apart. Features used: of "
            "those in the contract. Last active: the day of the last event so far, also after the "
            "days shown."
        ),
    ),
    "online_spread": Definition(
        _l("How it is spread over people"),
        _l(
            "Each person active on the days shown stands in one step, by the time online of all "
            "these days together. Shares are of the active people."
        ),
    ),
    "integration": Definition(
        _l("Integration by integration"),
        _l(
            "Calls on the days shown, under the name that the integration gives itself, and on "
            "how many of these days it called at all. The change is against as many days before."
        ),
    ),
    "team": Definition(
        _l("Team by team"),
        _l(
            "The people set up in the team on the last day, with the same formulas as for all: "
            "active is who had at least one event on the days shown; the trend compares the last 7 "
            "days with the 7 before. Who is not set up is in no team."
        ),
    ),
    "team_feature_days": Definition(
        _l("Days a week each"),
        _l(
            "On how many days a week those of the team who used the feature did so, over the days "
            "shown."
        ),
    ),
    "team_depth": Definition(
        _l("Depth"),
        _l(
            "For each core feature in the contract: uses by the team per person of it who used it "
            "and week, against the weekly target, at most 1; 0 where nobody of the team used it. "
            "The team's depth is their mean."
        ),
    ),
    "lifecycle": Definition(
        _l("New, returning, resurrecting, dormant"),
        _l(
            "New: the week is their first active one. Returning: active this week and the week "
            "before. Resurrecting: active this week, not the week before, but earlier. Dormant: "
            "active the week before, not this week. The first three together are the active. Weeks "
            "run from Monday to Sunday in the account's time zone; only weeks that are over count."
        ),
    ),
}


def define(key: str, formula: str = "", scope: str = "define") -> dict[str, str]:
    """The popover behind (i): plain words, then the formula with its numbers. `scope` tells two
    of the same figure on one page apart.
    """
    return popover(DEFINITIONS[key], f"{scope}-{key}", formula)


def popover(known: Definition, mark: str, formula: str = "") -> dict[str, str]:
    """`mark`: the element's id, once on a page."""
    text = str(known.text).replace("%%", "%")  # a message without values is not formatted
    return {"id": mark, "name": str(known.name), "text": text, "formula": formula}
