"""The vendor's own words for states, by kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.loop_settings import blueprint
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.requests import MOVES, PHASES, Kind, State
from portal.locales import LOCALES, OWN_NAMES, babel_locale
from portal.services.requests.labels import all_labels, name_states
from portal.web.guards import db, needs
from portal.web.refusals import sentence
from portal.web.request_words import KINDS_MANY, PHASE_WORDS, portal_word


@dataclass(frozen=True, slots=True)
class WordField:
    """`usual` is the portal's own word, `value` the vendor's or what was typed."""

    name: str
    label: str
    lang: str
    usual: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class StateLine:
    usual: str
    phase: str
    phase_word: str
    fields: list[WordField]


@dataclass(frozen=True, slots=True)
class KindPart:
    kind: str
    name: str
    lines: list[StateLine]
    wrong: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent for a kind and refused: words and sentences by field."""

    kind: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/request-words")
@needs(Permission.REQUEST_TRIAGE)
def words() -> str:
    return _page(Typed())


@blueprint.post("/request-words")
@needs(Permission.REQUEST_TRIAGE)
def words_save() -> Response:
    said = request.form.get("kind", "")
    if said not in set(Kind):
        raise NotFound
    kind, typed = Kind(said), _sent(Kind(said))
    try:
        changed = name_states(db(), kind, typed)
    except Invalid as refused:
        wrong = dict.fromkeys(refused.fields, sentence(refused))
        flat = {f"{one}:{place}": word for one in typed for place, word in typed[one].items()}
        return make_response(_page(Typed(said, flat, wrong)), 422)
    flash(
        _("Kept. Every page says it so from now on.") if changed else _("Nothing changed."), "toast"
    )
    return redirect(url_for("loop_settings.words", _anchor=said))


def _sent(kind: Kind) -> dict[State, dict[str, str]]:
    """Only what the form holds; what is missing stays as it is."""
    return {
        state: {
            locale: request.form[f"{state}:{locale}"]
            for locale in LOCALES
            if f"{state}:{locale}" in request.form
        }
        for state in states_of(kind)
    }


def states_of(kind: Kind) -> list[State]:
    """Those that the kind can be in, as its way goes."""
    known = {State.SUBMITTED, *MOVES[kind]}
    known |= {move.to for moves in MOVES[kind].values() for move in moves}
    return [state for state in State if state in known]


def _page(typed: Typed) -> str:
    kept, usual = all_labels(db()), _usual_words()
    parts = [
        KindPart(
            kind.value,
            str(KINDS_MANY[kind]),
            [_line(kind, state, kept, usual, typed) for state in states_of(kind)],
            typed.kind == kind.value,
        )
        for kind in Kind
    ]
    return render_template("loop_settings/words.html", parts=parts)


def _usual_words() -> dict[tuple[Kind, State, str], str]:
    """The portal's own word in each language."""
    found: dict[tuple[Kind, State, str], str] = {}
    for locale in LOCALES:
        with force_locale(str(babel_locale(locale))):
            for kind in Kind:
                found |= {(kind, one, locale): portal_word(kind, one) for one in states_of(kind)}
    return found


def _line(
    kind: Kind,
    state: State,
    kept: Mapping[tuple[str, str, str], str],
    usual: Mapping[tuple[Kind, State, str], str],
    typed: Typed,
) -> StateLine:
    phase = PHASES[state]
    fields = []
    for locale in LOCALES:
        name, stands = f"{state}:{locale}", kept.get((kind.value, state.value, locale), "")
        mine = typed.kind == kind.value
        fields.append(
            WordField(
                name=name,
                label=OWN_NAMES[locale],
                lang=locale,
                usual=usual[kind, state, locale],
                value=typed.words.get(name, stands) if mine else stands,
                error=typed.errors.get(name, "") if mine else "",
            )
        )
    return StateLine(portal_word(kind, state), phase.value, str(PHASE_WORDS[phase]), fields)
