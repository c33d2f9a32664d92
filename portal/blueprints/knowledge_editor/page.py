"""What the editor shows around the text."""

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.blueprints.knowledge_editor.forms import TextForm
from portal.blueprints.knowledge_editor.words import check_words, snippets, step_words
from portal.domain.content_values import keys_of
from portal.domain.knowledge_workflow import Stage
from portal.locales import LOCALES, OWN_NAMES
from portal.services.accounts import list_account_names
from portal.services.catalogue.features import list_choices
from portal.services.knowledge_drafts import Draft
from portal.services.knowledge_people import people
from portal.services.knowledge_preview import ACCOUNT, VISITOR, preview_text
from portal.services.segments import segment_rules
from portal.tenancy import scope_of
from portal.web.formats import clock, moment
from portal.web.guards import scope
from portal.web.knowledge_page import article_of
from portal.web.locale import request_locale

STILL_THERE = timedelta(minutes=15)
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
        "tabs": [_tab(draft, code) for code in LOCALES],
        "features": list_choices(session),
        "segments": [
            (rule.key, rule.name_en if locale == "en" else rule.name_zh or rule.name_en)
            for rule in segment_rules(session)
        ],
        "accounts": readers,
        "readers": _readers(readers),
        "reader": request.form.get("reader", ""),
        "saved": saved_words(draft),
        "other_writer": _other_writer(session, draft),
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
        "checks": [(check_words(one), one.hard) for one in _once(found.checks)],
    }


def saved_words(draft: Draft) -> str:
    """When it was saved last, on the reader's clock."""
    if draft.saved_at is None:
        return ""
    zone, now = scope().time_zone or "UTC", scope().now
    if now - draft.saved_at < timedelta(hours=12):
        return _("Saved %(time)s", time=clock(draft.saved_at, zone))
    return _("Saved %(time)s", time=moment(draft.saved_at, zone))


def _once(checks: list[Any]) -> list[Any]:
    said = {check_words(one): one for one in reversed(checks)}
    return sorted(said.values(), key=lambda one: (not one.hard, checks.index(one)))


def _tab(draft: Draft, code: str) -> dict[str, Any]:
    behind = draft.source_published - draft.source_revision if code == draft.locale else 0
    known = code in draft.locales or code in draft.published_locales
    if code == draft.source_locale:
        words, kind = (_("source"), "")
    elif not known:
        words, kind = (_("none yet"), "")
    elif draft.source_revision and behind > 0 and code == draft.locale:
        words, kind = (
            ngettext("%(num)s change behind", "%(num)s changes behind", behind),
            "watch",
        )
    else:
        words, kind = (_("draft"), "") if code in draft.locales else ("", "")
    return {
        "code": code,
        "label": OWN_NAMES[code],
        "words": words,
        "kind": kind,
        "current": code == draft.locale,
        "published": code in draft.published_locales,
    }


def _readers(accounts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        ("", _("one of us")),
        (VISITOR, _("a visitor")),
        *((f"{ACCOUNT}{key}", _("somebody of %(name)s", name=name)) for key, name in accounts),
    ][: MOST_READERS + 2]


def _other_writer(session: Session, draft: Draft) -> str:
    """Who else has just saved this text, and may still be at it."""
    if draft.saved_at is None or scope().now - draft.saved_at > STILL_THERE:
        return ""
    user_id = scope().user_id
    me = people(session, [user_id]).get(user_id or 0)
    return "" if me is not None and me.key == draft.editor_key else draft.editor
