"""Sentences that a reader could repeat, computed from the snapshot: good and bad in one voice."""

from reports import findings
from reports.figures import Definition, FigureKey, Unit
from reports.model import Figure, Snapshot
from reports.words import Words


def headline(snapshot: Snapshot, words: Words) -> str:
    """The one sentence of the whole report."""
    counted = findings.counted_people(snapshot)
    if counted is not None:
        return _worked(counted, findings.days_within(counted, snapshot), snapshot, words)
    active = snapshot.figure(FigureKey.ACTIVE_PERSONS)
    if active and active.value is not None:
        return words.ngettext("%(n)s person worked in %(vendor)s.",
                              "%(n)s people worked in %(vendor)s.",
                              active.value, vendor=snapshot.vendor.name)  # fmt: skip
    return words.gettext("There is not enough data for this period yet.")


def _worked(counted: Figure, days: int | None, snapshot: Snapshot, words: Words) -> str:
    part, whole = words.number(counted.part or 0), words.number(counted.whole or 0)
    if days is None:
        return words.gettext("%(part)s of %(whole)s people worked in %(vendor)s.",
                             part=part, whole=whole, vendor=snapshot.vendor.name)  # fmt: skip
    return words.gettext(
        "%(part)s of %(whole)s people worked in %(vendor)s in the last %(days)s days.",
        part=part, whole=whole, vendor=snapshot.vendor.name, days=words.number(days))  # fmt: skip


def lead(snapshot: Snapshot, words: Words) -> str:
    """What stands behind the headline, in one to three sentences; may be empty."""
    return words.joined([_against_before(snapshot, words), features_in_use(snapshot, words)])


def _against_before(snapshot: Snapshot, words: Words) -> str:
    login = snapshot.figure(FigureKey.LOGIN_RATIO)
    change = findings.point_change(login) if login else None
    if login is None or login.value is None or change is None:
        return ""
    ratio = words.percent(login.value)
    days = findings.days_within(login, snapshot)
    if days is None:
        return _that_is(ratio, change, words)
    return _login_ratio_is(ratio, change, words.number(days), words)


def _that_is(ratio: str, change: int, words: Words) -> str:
    if change == 0:
        return words.gettext("That is %(ratio)s, as in the period before.", ratio=ratio)
    if change > 0:
        return words.ngettext(
            "That is %(ratio)s, %(n)s percentage point more than in the period before.",
            "That is %(ratio)s, %(n)s percentage points more than in the period before.",
            change, ratio=ratio)  # fmt: skip
    return words.ngettext(
        "That is %(ratio)s, %(n)s percentage point less than in the period before.",
        "That is %(ratio)s, %(n)s percentage points less than in the period before.",
        -change, ratio=ratio)  # fmt: skip


def _login_ratio_is(ratio: str, change: int, days: str, words: Words) -> str:
    """Where it covers other days than the headline above it."""
    if change == 0:
        return words.gettext(
            "The login ratio of the last %(days)s days is %(ratio)s, as in the period before.",
            ratio=ratio, days=days)  # fmt: skip
    if change > 0:
        return words.ngettext(
            "The login ratio of the last %(days)s days is %(ratio)s,"
            " %(n)s percentage point more than in the period before.",
            "The login ratio of the last %(days)s days is %(ratio)s,"
            " %(n)s percentage points more than in the period before.",
            change, ratio=ratio, days=days)  # fmt: skip
    return words.ngettext(
        "The login ratio of the last %(days)s days is %(ratio)s,"
        " %(n)s percentage point less than in the period before.",
        "The login ratio of the last %(days)s days is %(ratio)s,"
        " %(n)s percentage points less than in the period before.",
        -change, ratio=ratio, days=days)  # fmt: skip


def features_in_use(snapshot: Snapshot, words: Words) -> str:
    if not snapshot.features:
        return ""
    in_use = words.number(len(findings.used(snapshot.features)))
    return words.ngettext(
        "%(used)s of %(n)s core feature is in use.",
        "%(used)s of %(n)s core features are in use.",
        len(snapshot.features), used=in_use)  # fmt: skip


def weekly_use(snapshot: Snapshot, words: Words) -> str:
    """The finding of the trend chart, also its title."""
    moved = findings.movement(snapshot.weeks)
    if moved is None:
        return words.gettext("There are not enough weeks yet to show a trend.")
    said = {
        "first": words.number(moved.first), "last": words.number(moved.last),
        "begin": words.short_day(moved.begin), "end": words.short_day(moved.end),
    }  # fmt: skip
    if moved.way == "rose":
        return words.gettext(
            "Weekly active people rose from %(first)s in the week of %(begin)s to %(last)s in the"
            " week of %(end)s.", **said)  # fmt: skip
    if moved.way == "fell":
        return words.gettext(
            "Weekly active people fell from %(first)s in the week of %(begin)s to %(last)s in the"
            " week of %(end)s.", **said)  # fmt: skip
    return words.gettext(
        "Weekly active people held at about %(last)s from the week of %(begin)s to the week of"
        " %(end)s.", **said)  # fmt: skip


def weekly_use_before(snapshot: Snapshot, words: Words) -> str:
    before = findings.movement(snapshot.weeks_before)
    if before is None:
        return ""
    return words.gettext("The period before ended at %(last)s.", last=words.number(before.last))


def weekly_use_summary(snapshot: Snapshot, words: Words) -> str:
    """What the chart shows, for those who cannot see it."""
    known = [one for one in snapshot.weeks if one.active is not None]
    if not known:
        return ""
    most = max(known, key=lambda one: (one.active or 0, one.monday))
    return words.gettext(
        "A line over %(weeks)s weeks beside the people set up; the highest week is %(day)s with"
        " %(most)s active people.",
        weeks=words.number(len(snapshot.weeks)), day=words.short_day(most.monday),
        most=words.number(most.active or 0))  # fmt: skip


def feature_depth(snapshot: Snapshot, words: Words) -> str:
    """Which feature is used most deeply and which wait for a first user."""
    ordered = findings.by_depth(snapshot.features)
    said = []
    if ordered[0].uses and ordered[0].depth:
        said.append(words.gettext(
            "%(feature)s reaches %(depth)s of its weekly target, the most of all.",
            feature=ordered[0].names.said_in(words.locale),
            depth=words.percent(ordered[0].depth)))  # fmt: skip
    unused = [one.names.said_in(words.locale) for one in ordered if not one.uses]
    if unused:
        said.append(words.ngettext("%(names)s waits for a first user.",
                                   "%(names)s wait for a first user.",
                                   len(unused), names=words.listed(unused)))  # fmt: skip
    return words.joined(said) or features_in_use(snapshot, words)


def calls_made(snapshot: Snapshot, words: Words) -> str:
    """The finding of the integrations chapter, also the title of its chart."""
    figure = findings.integration_calls(snapshot)
    if figure is None or figure.value is None:
        return words.gettext("There is not enough data on integrations yet.")
    if figure.value == 0:
        return words.gettext("No integration made a call in this period.")
    change = findings.relative_change(figure)
    return _calls(words, figure.value, None if change is None else round(change * 100))


def _calls(words: Words, value: float, change: int | None) -> str:
    if not change:
        return words.ngettext("Integrations made %(n)s call.", "Integrations made %(n)s calls.",
                              value)  # fmt: skip
    percent = words.percent(abs(change) / 100)
    if change > 0:
        return words.ngettext(
            "Integrations made %(n)s call, %(percent)s more than in the period before.",
            "Integrations made %(n)s calls, %(percent)s more than in the period before.",
            value, percent=percent)  # fmt: skip
    return words.ngettext(
        "Integrations made %(n)s call, %(percent)s less than in the period before.",
        "Integrations made %(n)s calls, %(percent)s less than in the period before.",
        value, percent=percent)  # fmt: skip


def integrations_seen(snapshot: Snapshot, words: Words) -> str:
    names = list(snapshot.integrations)
    if not names:
        return ""
    return words.gettext("Seen in this period: %(names)s.", names=words.listed(names))


def change_of(figure: Figure, words: Words) -> tuple[str, str] | None:
    """How a figure moved, as a signed amount and "up", "down" or "" for its class.

    Ratios move by percentage points, amounts by per cent. None where there is no value before.
    """
    if figure.unit is Unit.RATIO:
        points = findings.point_change(figure)
        if points is None:
            return None
        said = words.ngettext("%(n)s point", "%(n)s points", abs(points))
        return _signed(points, said)
    change = findings.relative_change(figure)
    if change is None:
        return None
    # More or less time or calls is neither good nor bad, so it has no colour.
    return _signed(round(change * 100), words.percent(abs(change)))[0], ""


def _signed(change: int, said: str) -> tuple[str, str]:
    if change == 0:
        return "", ""
    return (f"+{said}", "up") if change > 0 else (f"−{said}", "down")


def counts_behind(figure: Figure, words: Words) -> str:
    """Such as "238 of 300 seats", where both counts are known; else nothing."""
    if figure.part is None or figure.whole is None:
        return ""
    part, whole = words.number(figure.part), words.number(figure.whole)
    if figure.definition is Definition.ACTIVATION_BY_SEATS:
        return words.gettext("%(part)s of %(whole)s seats", part=part, whole=whole)
    return words.gettext("%(part)s of %(whole)s people", part=part, whole=whole)
