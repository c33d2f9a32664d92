from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput, DateTimeLocalInput

from portal.blueprints.knowledge_editor.words import AUDIENCES, FIELDS, WRONG
from portal.domain.content_values import keys_of
from portal.domain.errors import Invalid
from portal.domain.knowledge import EVENT_KINDS
from portal.locales import OWN_NAMES
from portal.services.knowledge_drafts import Draft
from portal.web.create_forms import CreateForm
from portal.web.forms import PageForm, choices, file_s_lines, focus_first_error
from portal.web.knowledge_page import event_kind


class StartForm(CreateForm):
    """Choices of `type` are the view's."""

    type = SelectField(_l("Type"), validate_choice=True)
    language = SelectField(_l("Language"), validate_choice=True)
    title = StringField(FIELDS["title"], [InputRequired(_l("Give it a title: it can change."))])
    slug = StringField(_l("Address"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.language.choices = choices(OWN_NAMES.items())


class TextForm(PageForm):
    """A working copy. Nothing is required: what is missing is said by the checks. `token` is that
    of the text which was opened; `theirs` and `ours` end a conflict.
    """

    token = HiddenField()
    title = StringField(FIELDS["title"])
    summary = TextAreaField(FIELDS["summary"])
    effect = StringField(FIELDS["effect"])
    place = StringField(FIELDS["place"])
    audience = SelectField(FIELDS["audience"], validate_choice=True)
    segments = SelectMultipleField(_l("Segments"), validate_choice=False)
    accounts = StringField(_l("Accounts"))
    features = SelectMultipleField(FIELDS["features"], validate_choice=False)
    review_by = StringField(FIELDS["review_by"], widget=DateInput())
    consent = StringField(FIELDS["consent"], widget=DateInput())
    benchmark = BooleanField(FIELDS["benchmark"])
    kind = SelectField(FIELDS["kind"], validate_choice=True)
    starts_at = StringField(FIELDS["starts_at"], widget=DateTimeLocalInput())
    ends_at = StringField(FIELDS["ends_at"], widget=DateTimeLocalInput())
    zone = StringField(FIELDS["zone"])
    link = StringField(FIELDS["link"])
    body = TextAreaField(FIELDS["body"], filters=[file_s_lines])
    picture = FileField(_l("Image"))
    words = StringField(_l("Words for those who cannot see it"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.audience.choices = choices(AUDIENCES.items())
        self.kind.choices = choices([("", "–"), *((one, event_kind(one)) for one in EVENT_KINDS)])

    def fields(self, draft: Draft) -> dict[str, Any]:
        """As Draft.fields has them; what the form does not show stays as it is."""
        typed: dict[str, Any] = {
            **{
                name: self[name].data or "" for name in ("title", "effect", "place", "kind", "zone")
            },
            "summary": " ".join((self.summary.data or "").split()),
            "link": (self.link.data or "").strip(),
            "audience": self._audience(),
            "features": self._features(draft),
            "benchmark": bool(self.benchmark.data),
            **{name: self[name].data or None for name in ("review_by", "consent")},
            **{
                name: (self[name].data or "").replace("T", " ")[:16]
                for name in ("starts_at", "ends_at")
            },
        }
        return {key: typed[key] for key in keys_of(draft.type) if key in typed}

    def refuse_fields(self, failure: Invalid) -> None:
        """What a service objected to, beside the fields, in the reader's language."""
        for name in failure.fields:
            if name in self:
                said = str(WRONG.get(name, WRONG["body"]))
                self[name].errors = [*self[name].errors, said]
        if not any(name in self for name in failure.fields):
            self.form_errors.append(str(WRONG["body"]))
        focus_first_error(self)

    def _audience(self) -> Any:
        kind = self.audience.data
        if kind == "segments":
            return {kind: self.segments.data} if self.segments.data else kind
        if kind == "accounts":
            keys = (self.accounts.data or "").replace(",", " ").split()
            return {kind: list(dict.fromkeys(keys))} if keys else kind
        return kind

    def _features(self, draft: Draft) -> list[str]:
        """Those that were chosen before keep their order: the first is the main one."""
        chosen = self.features.data or []
        before = [key for key in draft.fields["features"] if key in chosen]
        return [*before, *(key for key in chosen if key not in before)]


def filled(draft: Draft) -> TextForm:
    """The form with what the text says."""
    fields: Mapping[str, Any] = draft.fields
    audience = fields["audience"]
    kind = next(iter(audience)) if isinstance(audience, dict) else audience
    named = audience[kind] if isinstance(audience, dict) else []
    plain = {key: fields[key] for key in keys_of(draft.type) if key in fields}
    return TextForm(
        formdata=None,
        data={
            **plain,
            "token": draft.token,
            "audience": kind or "vendor",
            "segments": named if kind == "segments" else [],
            "accounts": ", ".join(named) if kind == "accounts" else "",
            **{
                name: (fields.get(name) or "").replace(" ", "T")
                for name in ("starts_at", "ends_at")
            },
            "body": draft.body,
        },
    )
