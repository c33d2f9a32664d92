from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.roadmap.listing import (
    news_lines,
    news_paging,
    read_question,
    roadmap_page,
)
from portal.domain.permissions import Permission
from portal.services.knowledge_features import feature_names_of
from portal.services.requests.changelog import read_changelog, readable_notes
from portal.services.requests.joining import join_shared
from portal.services.requests.labels import state_labels
from portal.services.requests.roadmap import read_roadmap, read_shared
from portal.web.context import frame_of
from portal.web.guards import db, needs, scope
from portal.web.listing import Link
from portal.web.request_tabs import request_tabs, shared_tabs
from portal.web.roadmap import Labels, line_of, shared_ring, steps_words

blueprint = Blueprint("roadmap", __name__, template_folder="templates")


@blueprint.get("/roadmap")
@needs(Permission.KNOWLEDGE_READ)
def index() -> str:
    question = read_question(request.args)
    found = read_roadmap(db(), question)
    names = feature_names_of(db(), found.features)
    page = roadmap_page(found, question, scope(), _labels(), list(names.items()))
    return render_template(
        "roadmap/index.html", frame=frame_of(scope()), page=page, tab_items=_tabs("roadmap")
    )


@blueprint.get("/whats-new")
@needs(Permission.KNOWLEDGE_READ)
def whats_new() -> str:
    question = read_question(request.args)
    found = read_changelog(db(), question.kind, question.mark)
    kinds, pages = news_paging(found, question.kind)
    return render_template(
        "roadmap/new.html",
        frame=frame_of(scope()),
        news=news_lines(found, scope(), _labels()),
        kinds=kinds,
        paging=pages,
        filtered=bool(question.kind),
        tab_items=_tabs("new"),
    )


@blueprint.get("/roadmap/<key>")
@needs(Permission.KNOWLEDGE_READ)
def show(key: str) -> str | Response:
    item = read_shared(db(), key)
    if item.key != key:
        # Another stands for it since they were merged.
        return redirect(url_for("roadmap.show", key=item.key))
    labels = _labels()
    notes = readable_notes(db(), [item.release_note])
    names = feature_names_of(db(), [item.feature_key] if item.feature_key else [])
    return render_template(
        "roadmap/show.html",
        frame=frame_of(scope()),
        item=item,
        line=line_of(item, scope(), labels),
        ring=shared_ring(item, labels, scope().time_zone),
        ring_words=steps_words(item),
        note=notes.get(item.release_note),
        feature=names.get(item.feature_key, ""),
    )


@blueprint.post("/roadmap/<key>/join")
@needs(Permission.REQUEST_WRITE)
def join(key: str) -> Response:
    join_shared(db(), key)
    flash(_("Your voice is counted, and you hear of every step."), "toast")
    return redirect(url_for("roadmap.show", key=key))


def _labels() -> Labels:
    return state_labels(db(), scope().locale)


def _tabs(current: str) -> list[Link]:
    return request_tabs(current) if scope().role.side == "customer" else shared_tabs(current)
