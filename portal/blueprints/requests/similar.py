"""While somebody types: what says much the same already, to be read in place and joined."""

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.requests import blueprint
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import Kind
from portal.services.requests.joining import join_shared
from portal.services.requests.labels import state_labels
from portal.services.requests.similar import Similar, find_similar
from portal.services.requests.voices import vote as vote_for_request
from portal.services.search import Found, Question, search_knowledge
from portal.web.guards import customer_account_key, db, needs
from portal.web.locale import request_locale
from portal.web.prose import row_of
from portal.web.request_words import FIELD_LABELS, KINDS, small_ring, state_words
from portal.web.search_index import search_index
from portal.web.search_sources import text_kinds

TYPED = ("title", "wants", "steps", "question", "happened", "today", "who", "when")
LONGEST = 600
MOST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Line:
    found: Similar
    ring: Markup
    words: str
    scene: list[tuple[str, str]]


@blueprint.get("/similar")
@needs(Permission.REQUEST_WRITE)
def similar() -> Response:
    """`q`, or the fields of the form that say what it is about; `kind`: what it is to be."""
    customer_account_key()
    told = request.args.get("q") or " ".join(request.args.get(name, "") for name in TYPED)
    text = told.strip()[:LONGEST]
    page = render_template(
        "requests/_similar.html", lines=_lines(text, _kind_asked()), answers=_answers(text)
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/joining")
@needs(Permission.REQUEST_WRITE)
def join() -> AnyResponse | str:
    """`shared` or `request`: the key of what is the reader's matter too."""
    customer_account_key()
    shared, own = request.form.get("shared", "")[:40], request.form.get("request", "")[:40]
    if not shared and not own:
        raise NotFound
    key = join_shared(db(), shared) if shared else own
    if own and not shared:
        vote_for_request(db(), own)
    if "HX-Request" in request.headers:
        return render_template("requests/_joined.html", key=key)
    flash(_("Your vote counts, and you are told of each step."), "good")
    return redirect(url_for("requests.show", key=key))


def _kind_asked() -> Kind | None:
    said = request.args.get("kind", "")
    return Kind(said) if said in set(Kind) else None


def _lines(text: str, kind: Kind | None) -> list[Line]:
    labels = state_labels(db(), request_locale())
    return [_line(one, labels) for one in find_similar(db(), text, kind=kind)]


def _line(found: Similar, labels: dict[tuple[str, str], str]) -> Line:
    votes = ngettext("%(num)s vote", "%(num)s votes", found.votes)
    kind = f"{KINDS[found.kind]} {found.code}"
    return Line(
        found=found,
        ring=small_ring(found.kind, found.state),
        words=row_of([kind, state_words(found.kind, found.state, labels), votes]),
        scene=[(str(FIELD_LABELS[name]), said) for name, said in found.told.items()],
    )


def _answers(text: str) -> list[tuple[str, Found]]:
    """Texts of the hub, each with what its kind is called."""
    if not text:
        return []
    index = search_index()
    answer = search_knowledge(
        db(), index.engine, Question(text, limit=MOST_ANSWERS, as_you_type=True)
    )
    if answer.behind:
        index.follow_soon()
    kinds = text_kinds()
    return [(str(kinds[one.line.type].one), one) for one in answer.found if one.line.type in kinds]
