"""Judging the search's answers, and how its present answers fare against what was judged."""

import json
from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.search import blueprint
from portal.blueprints.search.gaps import slug_of
from portal.blueprints.search.tabs import tabs
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.relevance import Verdict
from portal.services.search_judgements import (
    Opinion,
    QuestionCheck,
    accept_present,
    check_all,
    forget_question,
    judge,
)
from portal.web.clock import request_time
from portal.web.formats import num
from portal.web.guards import db, needs
from portal.web.locale import request_locale
from portal.web.refusals import turn_back
from portal.web.search_index import search_index
from portal.web.spreadsheets import csv_file

COLUMNS = ("question", "language", "text", "verdict", "rank", "ndcg_now", "ndcg_before")
VERDICTS = {
    Verdict.GOOD: _l("good"),
    Verdict.BAD: _l("bad"),
    Verdict.MISSING: _l("should be found"),
}


@blueprint.post("/search/judgements")
@needs(Permission.KNOWLEDGE_WRITE)
def judgement() -> AnyResponse:
    question, verdict = request.form.get("q", "")[:200], request.form.get("verdict", "")
    if verdict not in {*Verdict, "none"}:
        raise NotFound
    back = url_for("search.index", q=question)
    given = None if verdict == "none" else Verdict(verdict)
    opinion = Opinion(question, request_locale(), slug_of(request.form.get("slug", "")), given)
    try:
        judge(db(), search_index().engine, opinion)
    except Invalid as failure:
        return turn_back(failure, back)
    flash(_("Taken back.") if given is None else _("Kept. It is measured from now on."), "toast")
    return redirect(back)


@blueprint.get("/search/judgements")
@needs(Permission.KNOWLEDGE_WRITE)
def judgements() -> str:
    checks = _checks()
    return render_template(
        "search/judgements.html",
        tabs=tabs("judgements"),
        checks=sorted(checks, key=lambda one: (not one.worse, one.now, one.question)),
        worse=sum(one.worse for one in checks),
        mean=sum(one.now for one in checks) / len(checks) if checks else None,
        verdict_words=VERDICTS,
    )


@blueprint.get("/search/judgements.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def judgements_csv() -> Response:
    return csv_file(f"judged-answers-{request_time():%Y-%m-%d}.csv", COLUMNS, _rows(_checks()))


@blueprint.get("/search/judgements.jsonl")
@needs(Permission.KNOWLEDGE_WRITE)
def judgements_jsonl() -> Response:
    """A line a question, as benchmarks read it: what counts how much."""
    lines = [
        {
            "query": one.question,
            "locale": one.locale,
            "relevant": [text.slug for text in one.texts if text.verdict is not Verdict.BAD],
            "irrelevant": [text.slug for text in one.texts if text.verdict is Verdict.BAD],
        }
        for one in _checks()
    ]
    name = f"judged-answers-{request_time():%Y-%m-%d}.jsonl"
    return Response(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.post("/search/judgements/acceptance")
@needs(Permission.KNOWLEDGE_WRITE)
def judgements_accept() -> AnyResponse:
    changed = accept_present(db(), search_index().engine)
    said = ngettext(
        "%(count)s question is measured against its present answer.",
        "%(count)s questions are measured against their present answers.",
        changed,
        count=num(changed),
    )
    flash(said, "good")
    return redirect(url_for("search.judgements"))


@blueprint.post("/search/judgements/<key>/removal")
@needs(Permission.KNOWLEDGE_WRITE)
def judgement_forget(key: str) -> AnyResponse:
    forget_question(db(), key)
    flash(_("The question is not measured any more."), "toast")
    return redirect(url_for("search.judgements"))


def _checks() -> list[QuestionCheck]:
    return list(check_all(db(), search_index().engine))


def _rows(checks: list[QuestionCheck]) -> Iterator[tuple[object, ...]]:
    for one in checks:
        for text in one.texts:
            fixed = (one.question, one.locale, text.slug, text.verdict.value)
            yield (*fixed, text.rank, round(one.now, 4), round(one.baseline, 4))
