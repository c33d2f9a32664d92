"""Names of modules, industries and regions: one page, one form."""

from dataclasses import dataclass, replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.catalogue import blueprint
from portal.blueprints.catalogue.words import places
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.domain.terms import LONGEST_NAME, TermKind, Wording
from portal.locales import OWN_NAMES
from portal.services.imports.terms import NAMES
from portal.services.terms import TermLine, list_terms, name_terms
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.spreadsheets import csv_file

KINDS = {
    TermKind.MODULE: _l("Modules"),
    TermKind.INDUSTRY: _l("Industries"),
    TermKind.REGION: _l("Regions"),
}
Typed = dict[tuple[str, str], Wording]


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    title: str
    lines: list[TermLine]


@blueprint.get("/names")
@needs(Permission.USAGE_ADMIN)
def terms() -> str:
    return _page(list_terms(db()), {})


@blueprint.post("/names")
@needs(Permission.USAGE_ADMIN)
def terms_save() -> AnyResponse:
    lines = list_terms(db())
    typed = _typed(lines)
    try:
        changed = name_terms(db(), typed)
    except Invalid as wrong:
        shown = [replace(one, wording=typed.get(_place(one), one.wording)) for one in lines]
        return make_response(_page(shown, wrong.fields), 422)
    flash(_told(changed), "good")
    return redirect(url_for("catalogue.terms"))


@blueprint.get("/names.csv")
@needs(Permission.USAGE_ADMIN)
def terms_csv() -> Response:
    """In the form in which `paceline term import` reads it."""
    rows = [(one.kind.value, one.key, *_said(one.wording)) for one in list_terms(db())]
    return csv_file(f"names-{request_time():%Y-%m-%d}.csv", ("kind", "key", *NAMES), rows)


def _typed(lines: list[TermLine]) -> Typed:
    """Only of what the page shows, and only where the form says something of it."""
    found: Typed = {}
    for one in lines:
        sent = [request.form.get(f"{one.kind}:{one.key}:{name}") for name in NAMES]
        if None not in sent:
            found[_place(one)] = Wording(*((text or "").strip() for text in sent))
    return found


def _place(line: TermLine) -> tuple[str, str]:
    return line.kind.value, line.key


def _said(wording: Wording) -> tuple[str, str, str]:
    return wording.english, wording.simplified, wording.traditional


def _told(changed: int) -> str:
    if not changed:
        return _("Nothing was changed.")
    return ngettext(
        "%(count)s name is kept.", "%(count)s names are kept.", changed, count=num(changed)
    )


def _page(lines: list[TermLine], wrong: dict[str, str]) -> str:
    groups = [
        Group(kind.value, str(title), [one for one in lines if one.kind is kind])
        for kind, title in KINDS.items()
    ]
    said = _("At most %(count)s characters.", count=num(LONGEST_NAME))
    return render_template(
        "catalogue/terms.html",
        own_names=OWN_NAMES,
        groups=[one for one in groups if one.lines],
        missing=sum(1 for one in lines if one.used and not one.wording),
        wrong=dict.fromkeys(wrong, said),
        tabs=places("terms"),
        longest=LONGEST_NAME,
    )
