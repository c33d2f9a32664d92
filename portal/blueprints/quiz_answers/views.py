from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.domain.quizzes import Outcome
from portal.services.training.reviews import (
    Decision,
    ReviewPage,
    decide_review,
    read_review,
    waiting_reviews,
)
from portal.web.guards import db, needs
from portal.web.refusals import turning_back
from portal.web.state import state

blueprint = Blueprint(
    "quiz_answers", __name__, url_prefix="/quiz-answers", template_folder="templates"
)


@blueprint.get("")
@needs(Permission.ACCOUNT_DESK)
def index() -> str:
    return render_template("quiz_answers/index.html", lines=waiting_reviews(db()))


@blueprint.get("/<key>")
@needs(Permission.ACCOUNT_DESK)
def show(key: str) -> str:
    return _page(read_review(db(), key), [])


@blueprint.post("/<key>")
@needs(Permission.ACCOUNT_DESK)
@turning_back("quiz_answers.index", Conflict)
def decide(key: str) -> Response:
    page = read_review(db(), key)
    base = str(state().settings.public_url).rstrip("/")
    decisions = _decisions(request.form, page)
    try:
        outcome = decide_review(db(), key, decisions, lambda path: base + path)
    except Invalid as refusal:
        return make_response(_page(page, list(refusal.fields)), 422)
    passed = outcome is Outcome.PASSED
    said = _("Passed. The learner is told.") if passed else _("Not passed. The learner is told.")
    flash(said, "toast")
    return redirect(url_for("quiz_answers.index"))


def _decisions(sent: MultiDict[str, str], page: ReviewPage) -> dict[str, Decision]:
    keys = [one.question.key for one, _answer in page.questions]
    return {
        key: Decision(sent[f"right-{key}"] == "yes", sent.get(f"said-{key}", "").strip())
        for key in keys
        if sent.get(f"right-{key}") in {"yes", "no"}
    }


def _page(page: ReviewPage, missing: list[str]) -> str:
    return render_template("quiz_answers/show.html", page=page, missing=missing, typed=request.form)
