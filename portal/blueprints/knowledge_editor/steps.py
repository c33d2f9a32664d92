"""From a working copy to what is read: each step a button on the editor's page."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.knowledge_editor.views import blueprint
from portal.blueprints.knowledge_editor.words import FIELDS
from portal.domain.errors import Conflict, DomainError, Invalid
from portal.domain.permissions import Permission
from portal.locales import LOCALES, OWN_NAMES
from portal.services.knowledge_drafts import discard_draft
from portal.services.knowledge_workflow import (
    approve,
    archive,
    ask_for_review,
    bring_back,
    publish_now,
    schedule,
    send_back,
    take_back,
    unschedule,
)
from portal.web.guards import db, needs, scope
from portal.web.refusals import sentence

Step = Callable[..., Any]


def _step(step: Step) -> Step:
    """Back to the editor afterwards, which says what was done, or why not."""

    @wraps(step)
    def taken(slug: str) -> AnyResponse:
        try:
            done = step(slug)
        except (Invalid, Conflict) as failure:
            flash(_why(failure), "watch")
        else:
            flash(done, "toast")
        return redirect(url_for("knowledge_editor.edit", slug=slug, language=_language()))

    return taken


@blueprint.post("/knowledge/<slug>/review")
@needs(Permission.KNOWLEDGE_WRITE)
@_step
def review_ask(slug: str) -> str:
    ask_for_review(db(), slug, request.form.get("reviewer", ""))
    return _("The reviewer is told by mail.")


@blueprint.post("/knowledge/<slug>/review/withdrawal")
@needs(Permission.KNOWLEDGE_WRITE)
@_step
def review_withdraw(slug: str) -> str:
    take_back(db(), slug)
    return _("You can write on.")


@blueprint.post("/knowledge/<slug>/review/return")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def review_return(slug: str) -> str:
    send_back(db(), slug, request.form.get("reason", ""))
    return _("It is sent back, with your reason.")


@blueprint.post("/knowledge/<slug>/review/approval")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def review_approve(slug: str) -> str:
    approve(db(), slug)
    return _("It is published.")


@blueprint.post("/knowledge/<slug>/publication")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def publication_begin(slug: str) -> str:
    publish_now(db(), slug)
    return _("It is published.")


@blueprint.post("/knowledge/<slug>/schedule")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def schedule_set(slug: str) -> str:
    schedule(db(), slug, _moment(request.form.get("at", "")))
    return _("It will be published at that time.")


@blueprint.post("/knowledge/<slug>/schedule/end")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def schedule_end(slug: str) -> str:
    unschedule(db(), slug)
    return _("It is a draft again.")


@blueprint.post("/knowledge/<slug>/draft/end")
@needs(Permission.KNOWLEDGE_WRITE)
@_step
def draft_discard(slug: str) -> str:
    discard_draft(db(), slug, _language())
    return _("The draft is thrown away; a revision keeps what it said.")


@blueprint.post("/knowledge/<slug>/archive")
@needs(Permission.KNOWLEDGE_WRITE)
@_step
def archive_begin(slug: str) -> str:
    archive(db(), slug)
    return _("It is in the archive: only writers see it.")


@blueprint.post("/knowledge/<slug>/archive/end")
@needs(Permission.KNOWLEDGE_PUBLISH)
@_step
def archive_end(slug: str) -> str:
    bring_back(db(), slug)
    return _("It is back.")


def _language() -> str:
    language = request.form.get("language", "")
    return language if language in LOCALES else LOCALES[0]


def _moment(typed: str) -> datetime:
    """What was typed is a time on the reader's clock."""
    try:
        wall = datetime.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        raise Invalid("Choose day and time.", code="no-moment", fields={"at": typed}) from None
    return wall.replace(tzinfo=ZoneInfo(scope().time_zone or "UTC"))


def _why(failure: DomainError) -> str:
    """With the names of what is missing, each with its language where that is said."""
    if failure.code != "not-ready" or not failure.fields:
        return sentence(failure)
    named = [_named(*member.split(": ", 1)) for member in failure.fields]
    return _("Not ready to be published: %(fields)s", fields=", ".join(dict.fromkeys(named)))


def _named(language: str, key: str = "") -> str:
    field = str(FIELDS.get(key, key))
    return f"{OWN_NAMES.get(language, language)} {field}".strip()
