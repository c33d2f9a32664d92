"""Whether a text helped, and what the statistics are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.errors import NotFound
from portal.domain.knowledge import TYPES
from portal.domain.readings import INCOMPLETE, LONGEST_WORDS, OTHER, OUTDATED, UNCLEAR, WRONG
from portal.services.reading_list import SORTS, ReadingQuestion
from portal.web.forms import PageForm, choices
from portal.web.pages import page_number

REASON_WORDS = {
    INCOMPLETE: _l("Something is missing"),
    UNCLEAR: _l("It is hard to follow"),
    WRONG: _l("It is not true for us"),
    OUTDATED: _l("It is out of date"),
    OTHER: _l("Another reason"),
}
DAYS = (30, 90, 365)
USUAL_DAYS = 90


class WhyNotForm(PageForm):
    reason = RadioField(
        _l("What was missing?"),
        [InputRequired(_l("Choose what comes closest."))],
        choices=choices(list(REASON_WORDS.items())),
    )
    words = TextAreaField(
        _l("In your own words"),
        [Length(max=LONGEST_WORDS, message=_l("Use at most 1,000 characters."))],
        description=_l("What did you want to do when you came here?"),
        render_kw={"rows": "3", "maxlength": str(LONGEST_WORDS)},
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """`kind` is None for all types; `days` of the window that ends now."""

    days: int
    kind: str | None
    sort: str
    descending: bool
    page: int

    @property
    def question(self) -> ReadingQuestion:
        return ReadingQuestion(self.days, self.kind, self.sort, self.descending, self.page)

    @property
    def usual(self) -> bool:
        """The most read first."""
        return self.sort == SORTS[0] and self.descending

    def address(self, **changes: object) -> dict[str, object]:
        usual: dict[str, object] = {
            "days": self.days if self.days != USUAL_DAYS else "",
            "type": self.kind,
            "sort": "" if self.usual else self.sort,
            "dir": "desc" if self.descending and not self.usual else "",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value}


def read_wish(asked: Mapping[str, str]) -> Wish:
    """Raises NotFound for a window, a type or an order that there is not."""
    days, kind = asked.get("days", str(USUAL_DAYS)), asked.get("type") or None
    sort = asked.get("sort", SORTS[0])
    if days not in map(str, DAYS) or (kind and kind not in TYPES) or sort not in SORTS:
        raise NotFound
    descending = asked.get("dir") == "desc" or "sort" not in asked
    return Wish(int(days), kind, sort, descending, page_number(asked))
