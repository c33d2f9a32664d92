"""What the editor shows around the text."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.blueprints.knowledge_editor.forms import TextForm
from portal.domain.content_values import keys_of
from portal.domain.knowledge_workflow import Stage
from portal.locales import LOCALES
from portal.services.accounts import list_account_names
from portal.services.catalogue.features import list_choices
from portal.services.knowledge_drafts import Draft
from portal.services.knowledge_preview import ACCOUNT, VISITOR, preview_text
from portal.services.segments import segment_rules
from portal.tenancy import scope_of
from portal.web.guards import scope
from portal.web.knowledge_page import article_of
from portal.web.locale import request_locale
from portal.web.text_editor import (
    language_tab,
    other_writer,
    saved_words,
    snippets,
    step_words,
    told_checks,
)

MOST_READERS = 30


def editor_facts(session: Session, draft: Draft, form: TextForm) -> dict[str, Any]:
    """`form` is bound to what was typed, or to the text as it stands."""
    locale = request_locale()
    readers = list_account_names(session)
    return {
        "draft": draft,
        "form": form,
        "keys": keys_of(draft.type),
        "steps": step_words(draft),
        "tabs": [language_tab(draft, code) for code in LOCALES],
        "features": list_choices(session),
        "segments": [
            (rule.key, rule.name_en if locale == "en" else rule.name_zh or rule.name_en)
            for rule in segment_rules(session)
        ],
        "accounts": readers,
        "readers": _readers(readers),
        "reader": request.form.get("reader", ""),
        "saved": saved_words(draft),
        "other_writer": other_writer(session, draft),
        "snippets": snippets(),
        "next_step": Stage.NONE is not draft.state,
        **preview_facts(session, draft, form.fields(draft), form.body.data or ""),
    }


def preview_facts(
    session: Session, draft: Draft, fields: dict[str, Any], body: str
) -> dict[str, Any]:
    said = {**draft.fields, **fields}
    reader = request.form.get("reader", "")
    found = preview_text(session, draft.slug, draft.type, draft.locale, said, body, reader)
    return {
        "page": found.page,
        "within": True,
        "article": article_of(found.page, scope_of(session).now, scope().time_zone),
        "other": found.page.line.locale != request_locale(),
        "seen": found.seen,
        "checks": told_checks(found.checks),
    }


def _readers(accounts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        ("", _("one of us")),
        (VISITOR, _("a visitor")),
        *((f"{ACCOUNT}{key}", _("somebody of %(name)s", name=name)) for key, name in accounts),
    ][: MOST_READERS + 2]
