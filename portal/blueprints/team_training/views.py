from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.team_training.forms import AssignForm
from portal.blueprints.team_training.words import (
    COLUMNS,
    address,
    csv_rows,
    headline,
    read_question,
    shown_cell,
    sorts,
    state_choices,
)
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services.training.account_learners import learners_of
from portal.services.training.assignments import (
    assign_course,
    list_assignments,
    withdraw_assignment,
)
from portal.services.training.courses import list_courses
from portal.services.training.later_use import later_use
from portal.services.training.matrix import training_matrix
from portal.services.training.spent_attempts import give_attempt, spent_attempts
from portal.services.training.trainers import list_trainers, name_trainer, unname_trainer
from portal.web.clock import request_time
from portal.web.context import frame_of
from portal.web.guards import customer_account_key, db, needs, scope
from portal.web.listing import paging
from portal.web.refusals import sentence, turning_back
from portal.web.spreadsheets import csv_file
from portal.web.state import state

blueprint = Blueprint("team_training", __name__, template_folder="templates")
EVERY_ROW = 1_000_000


@blueprint.get("/training")
@needs(Permission.TRAINING_LEAD)
def index() -> str:
    return _matrix(customer_account_key(), "team_training.index")


@blueprint.get("/training.csv")
@needs(Permission.TRAINING_LEAD)
def index_csv() -> Response:
    return _csv(customer_account_key())


@blueprint.get("/accounts/<account_key>/training")
@needs(Permission.ACCOUNT_DESK)
def of_account(account_key: str) -> str:
    return _matrix(account_key, "team_training.of_account", {"account_key": account_key})


@blueprint.get("/accounts/<account_key>/training.csv")
@needs(Permission.ACCOUNT_DESK)
def csv_of_account(account_key: str) -> Response:
    return _csv(account_key)


@blueprint.get("/training/assignments/new")
@needs(Permission.TRAINING_LEAD)
def assign_new() -> str:
    customer_account_key()
    return _assign_page(AssignForm(formdata=None))


@blueprint.post("/training/assignments")
@needs(Permission.TRAINING_LEAD)
def assign() -> AnyResponse:
    customer_account_key()
    form = _offered(AssignForm())
    base = str(state().settings.public_url).rstrip("/")
    if form.validate_on_submit():
        try:
            asked = assign_course(
                db(),
                form.course.data,
                people=form.people.data or [],
                team=form.team.data or "",
                due_on=form.due_on.data,
                link=lambda path: base + path,
            )
        except Invalid as refusal:
            form.refuse(refusal, {refusal.code: sentence(refusal)})
        else:
            said = ngettext("%(num)s person is asked.", "%(num)s people are asked.", asked)
            flash(said, "good")
            return redirect(url_for("team_training.index"))
    return make_response(_assign_page(form), 422)


@blueprint.post("/training/assignments/<key>/withdrawal")
@needs(Permission.TRAINING_LEAD)
def withdraw(key: str) -> AnyResponse:
    withdraw_assignment(db(), key)
    flash(_("Nobody is asked any more. What was done stays."), "toast")
    return redirect(url_for("team_training.index"))


@blueprint.post("/training/people/<key>/courses/<slug>/attempt")
@needs(Permission.TRAINING_LEAD)
def attempt(key: str, slug: str) -> AnyResponse:
    return _give(key, slug, url_for("team_training.index"))


@blueprint.post("/accounts/<account_key>/training/people/<key>/courses/<slug>/attempt")
@needs(Permission.ACCOUNT_DESK)
def attempt_of_account(account_key: str, key: str, slug: str) -> AnyResponse:
    return _give(key, slug, url_for("team_training.of_account", account_key=account_key))


@blueprint.post("/training/trainers")
@needs(Permission.TRAINING_LEAD)
@turning_back("team_training.index", Invalid)
def trainer() -> AnyResponse:
    customer_account_key()
    topic = " ".join(request.form.get("topic", "").split())
    name_trainer(db(), request.form.get("person", ""), topic)
    flash(_("Named as internal trainer."), "toast")
    return redirect(url_for("team_training.index", _anchor="trainers"))


@blueprint.post("/training/trainers/<key>/removal")
@needs(Permission.TRAINING_LEAD)
def trainer_remove(key: str) -> AnyResponse:
    unname_trainer(db(), key)
    flash(_("No longer an internal trainer."), "toast")
    return redirect(url_for("team_training.index", _anchor="trainers"))


def _matrix(account_key: str, endpoint: str, more: dict[str, Any] | None = None) -> str:
    parameters = more or {}
    question = read_question(request.args)
    found = training_matrix(db(), account_key, question)
    leads = scope().role.side == "customer"
    csv = "team_training.index_csv" if leads else "team_training.csv_of_account"
    return render_template(
        "team_training/index.html",
        frame=frame_of(scope()),
        matrix=found,
        headline_said=headline(found),
        shown=shown_cell,
        question=question,
        states=state_choices(),
        team_choices=[(one, one) for one in found.teams],
        course_choices=[(one.slug, one.title) for one in found.offered],
        address=url_for(endpoint, **parameters),
        sorts=sorts(endpoint, question, parameters),
        paging=paging(
            found,
            len(found.rows),
            lambda **changes: address(endpoint, question, parameters, **changes),
        ),
        csv_url=url_for(csv, **parameters),
        leads=leads,
        later=later_use(db(), account_key, found.offered),
        spent=spent_attempts(db(), found.account_id, found.offered) if found.named else [],
        trainers=list_trainers(db(), found.account_id),
        people=[(one.key, one.name) for one in learners_of(db(), found.account_id)]
        if leads
        else [],
        assignments=list_assignments(db(), found.account_id),
    )


def _give(key: str, slug: str, back: str) -> AnyResponse:
    try:
        give_attempt(db(), key, slug, request.form.get("reason", ""))
    except Invalid as refusal:
        flash(sentence(refusal), "risk")
    else:
        flash(_("One more attempt is given."), "toast")
    return redirect(f"{back}#spent")


def _csv(account_key: str) -> Response:
    found = training_matrix(db(), account_key, size=EVERY_ROW)
    return csv_file(
        f"training-{account_key}-{request_time():%Y-%m-%d}.csv", COLUMNS, csv_rows(found)
    )


def _assign_page(form: AssignForm) -> str:
    people = [(one.key, one.name) for one in learners_of(db(), scope().account_id)]
    return render_template("team_training/assign.html", form=_offered(form), people=people)


def _offered(form: AssignForm) -> AssignForm:
    return form.offer(list_courses(db()), learners_of(db(), scope().account_id))
