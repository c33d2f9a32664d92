from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.services.value_reports import LONGEST_NOTE
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm

_DATE = InputRequired(_l("Choose a day, such as 2026-09-30."))
_WORDS = [Optional(), Length(max=LONGEST_NOTE, message=_l("Keep it under 8,000 characters."))]


class DraftForm(CreateForm):
    """Choices of `account` are the accounts in reach."""

    account = SelectField(_l("Account"), validate_choice=True)
    first = DateField(_l("From"), [_DATE])
    last = DateField(_l("To, included"), [_DATE])


class WordsForm(PageForm):
    """The success manager's words, a field a language."""

    en = TextAreaField(_l("In English"), _WORDS)
    zh_hans = TextAreaField(_l("In simplified Chinese"), _WORDS)
    zh_hant = TextAreaField(_l("In traditional Chinese"), _WORDS)

    def notes(self) -> dict[str, str]:
        return {
            "en": self.en.data or "",
            "zh-Hans": self.zh_hans.data or "",
            "zh-Hant": self.zh_hant.data or "",
        }
