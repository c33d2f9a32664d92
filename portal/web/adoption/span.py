"""Which days a page is about: the last 7, 30 or 90, or two dates of the reader's own."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.services.adoption import LONGEST_WINDOW, USUAL_WEEKS
from portal.web.formats import day, day_year
from portal.web.refusals import Explained

WINDOWS = (7, 30, 90)
USUAL = 30
WEEK_SPANS = (12, 26, 52)


@dataclass(frozen=True, slots=True)
class Span:
    """`last` is included. `own` where the reader chose the dates."""

    last: date
    days: int
    own: bool

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def query(self) -> dict[str, str]:
        """The parameters that lead here again."""
        if self.own:
            return {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {} if self.days == USUAL else {"window": str(self.days)}

    def words(self) -> str:
        if self.own:
            first, last = day_year(self.first), day_year(self.last)
            return _("from %(first)s to %(last)s", first=first, last=last)
        return _("in the last %(days)s days", days=self.days)

    def before_words(self) -> str:
        return _("on the %(days)s days before", days=self.days)

    def short(self) -> str:
        """Dates that the reader chose may lie in any year, so they say theirs."""
        said = day_year if self.own else day
        return f"{said(self.first)} – {said(self.last)}"


def read_span(args: MultiDict[str, str], last_full: date) -> Span:
    """From `window`, or from `from` and `to`. Raises Explained naming the member."""
    if args.get("from") or args.get("to"):
        return _own_dates(args, last_full)
    asked = args.get("window", str(USUAL))
    if not asked.isascii() or not asked.isdigit() or int(asked) not in WINDOWS:
        said = _("Choose 7, 30 or 90 days.")
        raise Explained(said, fields={"window": said})
    return Span(last_full, int(asked), own=False)


def read_week_count(args: MultiDict[str, str]) -> int:
    """From `weeks`. Raises Explained naming the member."""
    asked = args.get("weeks", str(USUAL_WEEKS))
    if not asked.isascii() or not asked.isdigit() or int(asked[:9]) not in WEEK_SPANS:
        said = _("Choose 12, 26 or 52 weeks.")
        raise Explained(said, fields={"weeks": said})
    return int(asked)


def _own_dates(args: MultiDict[str, str], last_full: date) -> Span:
    first, last = _date(args, "from"), _date(args, "to")
    if last < first:
        said = _(
            "The last day is before the first. Choose one on or after %(day)s.", day=day(first)
        )
        raise Explained(said, fields={"to": said})
    if last > last_full:
        said = _(
            "There are figures up to %(day)s. Choose that day or an earlier one.",
            day=day(last_full),
        )
        raise Explained(said, fields={"to": said})
    days = (last - first).days + 1
    if days > LONGEST_WINDOW:
        said = _("A range has at most %(days)s days.", days=LONGEST_WINDOW)
        raise Explained(said, fields={"from": said})
    return Span(last, days, own=True)


def _date(args: MultiDict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(args.get(name, ""))
    except ValueError:
        said = _("Give the day like 2026-09-30.")
        raise Explained(said, fields={name: said}) from None
