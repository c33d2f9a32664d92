from datetime import date, timedelta
from gettext import NullTranslations

import pytest
from msgspec.structs import replace

from reports import findings, sentences
from reports.figures import Definition, FigureKey
from reports.model import Figure, Snapshot, Week, Window
from reports.words import Words
from tests.reports.snapshots import SNAPSHOT, figure

WORDS = Words("en", NullTranslations())
NB = "\u00a0"


def with_figures(*figures: Figure) -> Snapshot:
    return replace(SNAPSHOT, figures=figures)


def with_weeks(*active: int | None) -> Snapshot:
    monday = date(2026, 6, 29)
    weeks = (
        Week(monday=monday + timedelta(days=7 * i), active=one, provisioned=None)
        for i, one in enumerate(active)
    )
    return replace(SNAPSHOT, weeks=tuple(weeks))


def login(value: float | None, previous: float | None = None) -> Figure:
    return figure(FigureKey.LOGIN_RATIO, value, Definition.LOGIN_RATIO, previous=previous)


def calls(value: float | None, previous: float | None = None) -> Figure:
    key, definition = FigureKey.INTEGRATION_CALLS, Definition.INTEGRATION_CALLS
    return figure(key, value, definition, previous=previous)


def active(value: float | None) -> Figure:
    return figure(FigureKey.ACTIVE_PERSONS, value, Definition.ACTIVE_PERSONS)


def test_the_headline_counts_people() -> None:
    assert sentences.headline(SNAPSHOT, WORDS) == "186 of 226 people worked in Ferrymark."
    assert sentences.headline(with_figures(active(1)), WORDS) == "1 person worked in Ferrymark."
    assert "152 people" in sentences.headline(with_figures(active(152)), WORDS)


MONTH = Window(first=date(2026, 9, 1), last=date(2026, 9, 30))


def test_the_headline_counts_the_whole_period_and_the_lead_names_its_days() -> None:
    key, definition = FigureKey.ACTIVE_PERSONS, Definition.ACTIVE_PERSONS
    whole = figure(key, 202, definition, counts=(200, 232))
    month = replace(login(0.853, 0.8), window=MONTH, part=198, whole=232)
    report = replace(with_figures(whole, month), features=())
    assert sentences.headline(report, WORDS) == "200 of 232 people worked in Ferrymark."
    lead = "The login ratio of the last 30 days is 85 %, 5 percentage points more than in the"
    assert sentences.lead(report, WORDS).replace(NB, " ") == f"{lead} period before."
    said = "198 of 232 people worked in Ferrymark in the last 30 days."
    assert sentences.headline(with_figures(month), WORDS) == said


@pytest.mark.parametrize(
    ("before", "said"), [(0.85, ", as in"), (0.84, ", 1 percentage point more"), (0.9, "5 perc")]
)
def test_the_login_ratio_of_other_days_than_the_headlines_says_which(
    before: float, said: str
) -> None:
    report = replace(with_figures(replace(login(0.85, before), window=MONTH)), features=())
    assert sentences.lead(report, WORDS).startswith("The login ratio of the last 30 days is 85")
    assert said in sentences.lead(report, WORDS)


@pytest.mark.parametrize("figures", [(), (active(None),), (login(None),)])
def test_without_figures_the_headline_says_so(figures: tuple[Figure, ...]) -> None:
    said = sentences.headline(with_figures(*figures), WORDS)
    assert said == "There is not enough data for this period yet."


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (0.82, 0.77, f"That is 82{NB}%, 5 percentage points more than in the period before."),
        (0.82, 0.81, f"That is 82{NB}%, 1 percentage point more than in the period before."),
        (0.82, 0.9, f"That is 82{NB}%, 8 percentage points less than in the period before."),
        (0.82, 0.8201, f"That is 82{NB}%, as in the period before."),
        (0.82, None, ""),
        (None, 0.8, ""),
    ],
)
def test_the_lead_compares_with_the_period_before(
    now: float | None, before: float | None, said: str
) -> None:
    report = replace(with_figures(login(now, before)), features=())
    assert sentences.lead(report, WORDS) == WORDS.joined([said])


@pytest.mark.parametrize(
    ("active_weeks", "said"),
    [
        (
            (84, 152),
            "rose from 84 in the week of 29 Jun to 152 in the week of 6 Jul.",
        ),
        (
            (152, 84),
            "fell from 152 in the week of 29 Jun to 84 in the week of 6 Jul.",
        ),
        (
            (100, 104),
            "held at about 104 from the week of 29 Jun to the week of 6 Jul.",
        ),
        (
            (0, 0),
            "held at about 0 from the week of 29 Jun to the week of 6 Jul.",
        ),
        (
            (0, 1),
            "rose from 0 in the week of 29 Jun to 1 in the week of 6 Jul.",
        ),
        ((84, None), "There are not enough weeks yet to show a trend."),
        ((), "There are not enough weeks yet to show a trend."),
    ],
)
def test_good_and_bad_weeks_in_one_voice(active_weeks: tuple[int | None, ...], said: str) -> None:
    found = sentences.weekly_use(with_weeks(*active_weeks), WORDS).replace(NB, " ")
    assert found.removeprefix("Weekly active people ") == said


def test_a_week_that_is_not_over_moves_no_sentence() -> None:
    moved = findings.movement(SNAPSHOT.weeks)
    assert moved is not None
    assert (moved.first, moved.last, moved.weeks) == (84, 148, 13)


def test_the_period_before_is_named_where_it_is_known() -> None:
    assert sentences.weekly_use_before(SNAPSHOT, WORDS) == "The period before ended at 84."
    assert sentences.weekly_use_before(replace(SNAPSHOT, weeks_before=()), WORDS) == ""


def test_the_chart_is_described_for_those_who_cannot_see_it() -> None:
    assert sentences.weekly_use_summary(SNAPSHOT, WORDS) == (
        "A line over 14 weeks beside the people set up; the highest week is"
        f" 28{NB}Sep with 152 active people."
    )
    assert sentences.weekly_use_summary(with_weeks(None), WORDS) == ""


def test_features_are_named_from_the_deepest_to_the_waiting() -> None:
    said = sentences.feature_depth(SNAPSHOT, WORDS)
    assert said.startswith(f"Approval chains reaches 96{NB}% of its weekly target")
    assert "Escalation rules and Scheduled reports wait for a first" in said
    some_used = replace(SNAPSHOT, features=SNAPSHOT.features[1:2])
    assert sentences.feature_depth(some_used, WORDS).startswith("Request forms reaches")
    unknown = replace(SNAPSHOT, features=(replace(SNAPSHOT.features[0], depth=None),))
    assert sentences.feature_depth(unknown, WORDS) == "1 of 1 core feature is in use."
    waiting = replace(SNAPSHOT, features=SNAPSHOT.features[-1:])
    assert sentences.feature_depth(waiting, WORDS).startswith("Escalation rules waits for a first")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (calls(209_600, 177_600), f"Integrations made 209,600 calls, 18{NB}% more than"),
        (calls(50, 100), f"Integrations made 50 calls, 50{NB}% less than"),
        (calls(1, 0), "Integrations made 1 call."),
        (calls(100, 100), "Integrations made 100 calls."),
        (calls(0, 5), "No integration made a call in this period."),
        (calls(None), "There is not enough data on integrations yet."),
    ],
)
def test_calls_against_the_period_before(made: Figure, said: str) -> None:
    assert sentences.calls_made(with_figures(made), WORDS).startswith(said)


def test_integrations_are_named() -> None:
    named = "Seen in this period: ERP connector and payroll export."
    assert sentences.integrations_seen(SNAPSHOT, WORDS) == named
    assert sentences.integrations_seen(replace(SNAPSHOT, integrations=()), WORDS) == ""


def test_changes_have_a_sign_and_ratios_a_colour() -> None:
    assert sentences.change_of(login(0.82, 0.77), WORDS) == ("+5 points", "up")
    assert sentences.change_of(login(0.77, 0.78), WORDS) == ("−1 point", "down")
    assert sentences.change_of(login(0.77, 0.77), WORDS) == ("", "")
    assert sentences.change_of(login(0.77), WORDS) is None
    assert sentences.change_of(calls(110, 100), WORDS) == (f"+10{NB}%", "")
    assert sentences.change_of(calls(110, 0), WORDS) is None
