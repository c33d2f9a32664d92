"""Questions without a good answer, for those who write texts."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.search import blueprint
from portal.blueprints.search.tabs import tabs
from portal.domain.errors import Invalid, NotFound
from portal.domain.knowledge import FAQ
from portal.domain.permissions import Permission
from portal.domain.search_gaps import GapKind, GapState
from portal.locales import LOCALES
from portal.services.accounts import list_account_names
from portal.services.knowledge_drafts import start_item
from portal.services.requests.from_gaps import request_of_gap
from portal.services.search_gaps import SORTS, GapFilter, list_gaps, settle_gap, with_names
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs, scope
from portal.web.listing import Link, kept
from portal.web.pages import page_number
from portal.web.refusals import turn_back
from portal.web.spreadsheets import csv_file

PAGE_SIZE = 25
STATES = {
    GapState.OPEN: _l("Waiting"),
    GapState.DRAFTED: _l("Being written"),
    GapState.REQUESTED: _l("With product"),
    GapState.ANSWERED: _l("Answered"),
    GapState.IGNORED: _l("Ignored"),
}
KINDS = {GapKind.NOTHING: _l("nothing good found"), GapKind.UNOPENED: _l("nothing opened")}
SIDES = {
    "customer": _l("Customers"),
    "visitor": _l("Visitors"),
    "vendor": _l("Our own team"),
    "api": _l("Through the API"),
}
COLUMNS = ("question", "language", "reason", "asked", "accounts", "last_asked", "state", "text")


@blueprint.get("/search/gaps")
@needs(Permission.KNOWLEDGE_WRITE)
def gaps() -> str:
    wanted, page = _filter(), page_number(request.args)
    found = list_gaps(db(), wanted)
    first = (page - 1) * PAGE_SIZE
    lines = with_names(db(), found.lines[first : first + PAGE_SIZE])
    more = first + len(lines) < len(found.lines)
    return render_template(
        "search/gaps.html",
        tabs=tabs("gaps"),
        wanted=wanted,
        found=found,
        lines=lines,
        states=_states(wanted, found.states),
        kinds=KINDS,
        sides=SIDES,
        accounts=list_account_names(db()) if scope().allows(Permission.ACCOUNT_DESK) else [],
        first=first + 1,
        back=_address(wanted, page=page - 1 if page > 2 else "") if page > 1 else "",  # noqa: PLR2004 # the first page needs no number
        next=_address(wanted, page=page + 1) if more else "",
        sorts={sort: _address(wanted, sort=sort if sort != SORTS[0] else "") for sort in SORTS},
    )


@blueprint.get("/search/gaps.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def gaps_csv() -> Response:
    """All that fit the filters, in their order."""
    rows = [
        (
            line.question,
            line.locale,
            line.kind.value,
            line.counts.asked,
            line.accounts,
            line.last,
            line.state.value,
            line.slug,
        )
        for line in list_gaps(db(), _filter()).lines
    ]
    return csv_file(f"gaps-{request_time():%Y-%m-%d}.csv", COLUMNS, rows)


@blueprint.post("/search/gaps/draft")
@needs(Permission.KNOWLEDGE_WRITE)
def gap_draft() -> AnyResponse:
    """Begins an answer with the question as its title."""
    question, locale = _named()
    slug = start_item(db(), FAQ, "", locale, {"title": question})
    settle_gap(db(), question, locale, GapState.DRAFTED, slug)
    flash(_("A draft with this title is begun. It stands under “Being written”."), "toast")
    return redirect(url_for("knowledge_editor.edit", slug=slug, language=locale))


@blueprint.post("/search/gaps/request")
@needs(Permission.KNOWLEDGE_WRITE)
def gap_request() -> AnyResponse:
    """Hands it to product, with the question as its title."""
    question, locale = _named()
    request_of_gap(db(), question, locale)
    flash(_("Product has it as a request. It stands under “With product”."), "good")
    return redirect(url_for("search.gaps"))


@blueprint.post("/search/gaps/state")
@needs(Permission.KNOWLEDGE_WRITE)
def gap_state() -> AnyResponse:
    question, locale = _named()
    state, slug = request.values.get("state", ""), request.values.get("slug", "")
    if state not in set(GapState) - {GapState.REQUESTED}:
        raise NotFound
    try:
        settle_gap(db(), question, locale, GapState(state), slug_of(slug))
    except Invalid as failure:
        return turn_back(failure, url_for("search.gaps"))
    if state == GapState.OPEN:
        flash(_("It is open again."), "toast")
    else:
        undo = url_for("search.gap_state", q=question, language=locale, state=GapState.OPEN.value)
        said = _("Ignored.") if state == GapState.IGNORED else _("Marked as answered.")
        flash(said, f"undo:{undo}")
    return redirect(url_for("search.gaps"))


def _named() -> tuple[str, str]:
    question, locale = request.values.get("q", "")[:200], request.values.get("language", "")
    if not question.strip() or locale not in LOCALES:
        raise NotFound
    return question, locale


def slug_of(given: str) -> str:
    """A whole address is as good as its last part."""
    return given.strip().split("?")[0].rstrip("/").rpartition("/")[2][:120]


def _filter() -> GapFilter:
    asked = request.args
    state, sort = asked.get("state", ""), asked.get("sort", "")
    return GapFilter(
        state=GapState(state) if state in set(GapState) else GapState.OPEN,
        kind=asked.get("kind", "") if asked.get("kind") in set(GapKind) else "",
        locale=asked.get("language", "") if asked.get("language") in LOCALES else "",
        side=asked.get("side", "") if asked.get("side") in SIDES else "",
        account=asked.get("account", "")[:120],
        text=asked.get("q", "")[:200],
        sort=sort if sort in SORTS else SORTS[0],
    )


def _address(wanted: GapFilter, **changes: object) -> str:
    values = {
        "state": "" if wanted.state is GapState.OPEN else wanted.state.value,
        "kind": wanted.kind,
        "language": wanted.locale,
        "side": wanted.side,
        "account": wanted.account,
        "q": wanted.text,
        "sort": "" if wanted.sort == SORTS[0] else wanted.sort,
    }
    return url_for("search.gaps", **kept(values, changes))


def _states(wanted: GapFilter, counts: dict[GapState, int]) -> list[Link]:
    return [
        Link(
            str(label),
            _address(wanted, state="" if state is GapState.OPEN else state.value),
            state is wanted.state,
            num(counts[state]),
        )
        for state, label in STATES.items()
    ]
