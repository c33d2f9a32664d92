from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.errors import NotFound
from portal.domain.knowledge import TYPES
from portal.locales import LOCALES
from portal.services.editorial_list import LATE, NEAR, SHELVES, SORTS, TextQuestion
from portal.web.forms import MomentField, PageForm
from portal.web.pages import page_number

LONGEST_WORDS = 100


class AskForm(PageForm):
    reviewer = SelectField(
        _l("Who reviews it"), [InputRequired(_l("Choose somebody."))], validate_choice=True
    )


class OwnerForm(PageForm):
    owner = SelectField(_l("Owner"), validate_choice=False)


class ReturnForm(PageForm):
    reason = TextAreaField(
        _l("What is to be changed"),
        [InputRequired(_l("Say what is to be changed.")), Length(max=2000)],
        render_kw={"rows": "4", "maxlength": "2000"},
    )


class ScheduleForm(PageForm):
    at = MomentField(
        _l("Publish at"),
        [InputRequired(_l("Choose day and time."))],
    )

    def moment(self, zone: str) -> datetime:
        """What was typed, on the clock of the zone."""
        typed: datetime = self.at.data
        return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read_question(asked: Mapping[str, str]) -> TextQuestion:
    """Raises NotFound for a shelf, a type, a language or an order that there is not."""
    shelf, kind, due = (asked.get(name, "") for name in ("shelf", "type", "due"))
    lacks, sort = asked.get("lacks", ""), asked.get("sort", "changed")
    known = (
        shelf in SHELVES
        and kind in {"", *TYPES}
        and due in {"", LATE, NEAR}
        and lacks in {"", *LOCALES}
        and sort in SORTS
    )
    if not known:
        raise NotFound
    return TextQuestion(
        shelf=shelf,
        kind=kind,
        words=" ".join(asked.get("q", "")[:LONGEST_WORDS].split()),
        due=due,
        lacks=lacks,
        sort=sort,
        descending=asked.get("dir") == "desc" or "sort" not in asked,
        page=page_number(asked),
    )
