from collections.abc import Mapping

from flask import Response, jsonify, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.blueprints.api.document import SearchBody, SearchQuery, documented
from portal.domain.content_file import is_name
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.locales import LOCALES, known_locale
from portal.search import Segments
from portal.services.search import Answer, Found, Question, search_knowledge
from portal.web.guards import db, needs, scope
from portal.web.locale import request_locale
from portal.web.search_index import search_index
from portal.web.search_notes import note_answer
from portal.web.search_sources import Asked, Entry, Finding, is_kind, sources_for, text_kinds

USUAL, MOST = 20, 100
Beside = tuple[str, Finding]
"""Kind and what was found of it."""
LONGEST_QUESTION = 500


@needs(Permission.KNOWLEDGE_READ)
@documented(query=SearchQuery, answer=SearchBody, tags=["search"])
def show() -> Response:
    """`q`, and if wanted `locale`, `type` and `feature` (several by commas each) and `limit` (1 to
    100). What begins as asked stands first, then texts, then whatever else of the portal the
    token's holder may see. What finds nothing good is counted among the content gaps, as the
    portal's own searches are.
    """
    question = _question(request.args)
    index = search_index()
    answer = search_knowledge(db(), index.engine, question)
    if answer.behind:
        index.follow_soon()
    # Whether anybody opened what was found is not told here, so only nothing counts.
    beside = [] if question.features else _beside(question)
    others = sum(finding.total for _, finding in beside)
    if answer.weak and not others and not (question.types is not None or question.features):
        note_answer(question.text, question.locale or request_locale(), found=False)
    return jsonify(
        {
            "query": question.text,
            "total": answer.total + others,
            "took_ms": answer.took_ms,
            "did_you_mean": answer.did_you_mean,
            "degraded": answer.plain,
            "results": _results(answer, beside)[: question.limit],
        }
    )


def _beside(question: Question) -> list[Beside]:
    """What the rooms offer to this token, asked in its own session."""
    wanted = request.args.get("type")
    kinds = None if wanted is None else wanted.split(",")
    asked = Asked(question.text, question.limit)
    return [
        (source.kind, source.find(db(), asked))
        for source in sources_for(scope())
        if kinds is None or source.kind in kinds
    ]


def _results(answer: Answer, beside: list[Beside]) -> list[dict[str, object]]:
    entries = [(kind, entry) for kind, finding in beside for entry in finding.entries]
    first = [_other(kind, entry) for kind, entry in entries if entry.first]
    rest = [_other(kind, entry) for kind, entry in entries if not entry.first]
    return [*first, *(_result(found) for found in answer.found), *rest]


def _other(kind: str, entry: Entry) -> dict[str, object]:
    return {
        "id": entry.url,
        "type": kind,
        "title": "".join(words for words, _hit in entry.title),
        "url": entry.url,
        "locale": request_locale(),
        "score": None,
        "highlight": _html(entry.title),
    }


def _result(found: Found) -> dict[str, object]:
    """`highlight` is HTML: escaped text with what was found in <mark>."""
    return {
        "id": found.line.slug,
        "type": found.line.type,
        "title": found.line.title,
        "url": found.url,
        "locale": found.line.locale,
        "score": found.score,
        "highlight": _html(found.passage),
    }


def _html(segments: Segments) -> str:
    mark = Markup("<mark>{}</mark>")
    return "".join(mark.format(words) if hit else escape(words) for words, hit in segments)


def _question(asked: Mapping[str, str]) -> Question:
    wrong: dict[str, str] = {}
    made = Question(
        text=_text(asked.get("q", ""), wrong),
        locale=_locale(asked.get("locale"), wrong),
        types=_types(asked.get("type"), wrong),
        features=_features(asked.get("feature"), wrong),
        limit=_limit(asked.get("limit"), wrong),
    )
    if wrong:
        raise Invalid(_("The search could not be read."), fields=wrong)
    return made


def _text(asked: str, wrong: dict[str, str]) -> str:
    text = " ".join(asked.split())
    if not text:
        wrong["q"] = _("Say what to search for.")
    elif len(text) > LONGEST_QUESTION:
        wrong["q"] = _("Use at most %(most)s characters.", most=LONGEST_QUESTION)
    return text


def _locale(asked: str | None, wrong: dict[str, str]) -> str:
    if asked is None:
        return ""
    known = known_locale(asked)
    if known is None:
        wrong["locale"] = _("Use one of %(known)s.", known=", ".join(LOCALES))
    return known or ""


def _types(asked: str | None, wrong: dict[str, str]) -> list[str] | None:
    if asked is None:
        return None
    kinds = asked.split(",")
    if not all(map(is_kind, kinds)):
        known = [*text_kinds(), *(source.kind for source in sources_for(scope()))]
        wrong["type"] = _("Use one or more of %(known)s.", known=", ".join(known))
    return [kind for kind in kinds if kind in text_kinds()]


def _features(asked: str | None, wrong: dict[str, str]) -> list[str] | None:
    if asked is None:
        return None
    features = asked.split(",")
    if not all(map(is_name, features)):
        wrong["feature"] = _("Use keys of features, such as approval-chains.")
    return features


def _limit(asked: str | None, wrong: dict[str, str]) -> int:
    if asked is None:
        return USUAL
    if asked.isascii() and asked.isdecimal() and len(asked) <= len(str(MOST)):
        number = int(asked)
        if 1 <= number <= MOST:
            return number
    wrong["limit"] = _("Use a whole number from 1 to %(most)s.", most=MOST)
    return USUAL
