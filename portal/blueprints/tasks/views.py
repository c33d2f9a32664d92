from datetime import date, timedelta

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
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.tasks.forms import NewTaskForm, SnoozeForm, TaskForm
from portal.blueprints.tasks.listing import Choices, list_page, list_rows, read_question
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.domain.tasks import TaskKind
from portal.services.accounts import list_account_names
from portal.services.alerts.acts import snooze_range
from portal.services.alerts.listing import reader_today
from portal.services.tasks import (
    TaskRow,
    complete_task,
    create_task,
    due_range,
    edit_task,
    every_task,
    find_tasks,
    owners_for,
    possible_owners,
    reopen_task,
    show_task,
    snooze_task,
    wake_task,
)
from portal.web.clock import request_time
from portal.web.formats import day_year
from portal.web.forms import choices
from portal.web.guards import db, needs, scope
from portal.web.refusals import turning_back
from portal.web.safe_next import own_address
from portal.web.sign_in import current_member
from portal.web.spreadsheets import csv_file
from portal.web.tasks import KINDS, task_line

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks", template_folder="templates")


@blueprint.get("")
@needs(Permission.ACCOUNT_DESK)
def index() -> str:
    question = read_question(request.args, scope())
    offered = Choices(possible_owners(db()), list_account_names(db()))
    page = list_page(find_tasks(db(), question), question, scope(), offered)
    return render_template("tasks/index.html", page=page)


@blueprint.get("/tasks.csv")
@needs(Permission.ACCOUNT_DESK)
def index_csv() -> Response:
    """All that fit the filters, in their order."""
    columns, rows = list_rows(every_task(db(), read_question(request.args, scope())))
    return csv_file(f"tasks-{request_time():%Y-%m-%d}.csv", columns, rows)


@blueprint.get("/new")
@needs(Permission.ACCOUNT_DESK)
def new() -> str:
    kind = request.args.get("kind", "")
    form = NewTaskForm(
        formdata=None,
        data={
            "account": request.args.get("account"),
            "kind": kind if kind in set(TaskKind) else TaskKind.CALL.value,
            "owner": _my_key(),
            "due_on": reader_today(db()) + timedelta(days=1),
            "alert": request.args.get("alert", "")[:40],
        },
    )
    return _new_page(form)


@blueprint.post("")
@needs(Permission.ACCOUNT_DESK)
def create() -> AnyResponse:
    form = _offer(NewTaskForm())
    form.day_within("due_on", *due_range(reader_today(db())), _refusals()["bad-due"])
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            key = create_task(db(), form.account.data, form.text(), form.alert.data or "")
            flash(_("The task is in the list."), "toast")
            return redirect(url_for("tasks.show", key=key))
    return make_response(_new_page(form), 422)


@blueprint.get("/<key>")
@needs(Permission.ACCOUNT_DESK)
def show(key: str) -> str:
    row = show_task(db(), key)
    return _page(row, _form_of(row))


@blueprint.post("/<key>")
@needs(Permission.ACCOUNT_DESK)
@turning_back("tasks.show", Conflict)
def save(key: str) -> AnyResponse:
    row = show_task(db(), key)
    form = _offer(TaskForm(account=row.account_key), row)
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            edit_task(db(), key, form.text())
            flash(_("Saved."), "toast")
            return redirect(url_for("tasks.show", key=key))
    return make_response(_page(row, form), 422)


@blueprint.post("/<key>/completion")
@needs(Permission.ACCOUNT_DESK)
def complete(key: str) -> AnyResponse:
    complete_task(db(), key)
    flash(_("Done."), f"undo:{url_for('tasks.reopen', key=key, next=_back())}")
    return redirect(_back())


@blueprint.post("/<key>/reopening")
@needs(Permission.ACCOUNT_DESK)
def reopen(key: str) -> AnyResponse:
    reopen_task(db(), key)
    flash(_("The task is open again."), "toast")
    return redirect(_back())


@blueprint.post("/<key>/snooze")
@needs(Permission.ACCOUNT_DESK)
@turning_back("tasks.show", Conflict)
def snooze(key: str) -> AnyResponse:
    form = SnoozeForm(prefix="snooze-")
    row = show_task(db(), key)
    form.day_within("until", *snooze_range(reader_today(db())), _refusals()["bad-snooze"])
    if form.validate_on_submit():
        with form.refusing(_refusals()):
            snooze_task(db(), key, form.until.data, form.reason.data)
            flash(_("Saved."), "toast")
            return redirect(url_for("tasks.show", key=key))
    return make_response(_page(row, _form_of(row), form), 422)


@blueprint.post("/<key>/waking")
@needs(Permission.ACCOUNT_DESK)
@turning_back("tasks.show", Conflict, Invalid)
def wake(key: str) -> AnyResponse:
    wake_task(db(), key)
    flash(_("Saved."), "toast")
    return redirect(url_for("tasks.show", key=key))


def _back() -> str:
    """Where the reader came from, if that is a page of ours."""
    return own_address(request.args.get("next", "")) or url_for("tasks.index")


def _form_of(row: TaskRow) -> TaskForm:
    form = TaskForm(
        formdata=None,
        data={
            "title": row.title,
            "account": row.account_key,
            "kind": row.kind.value,
            "owner": row.owner_key,
            "due_on": row.due_on,
            "note": row.note,
        },
    )
    return _offer(form, row)


def _offer(form: TaskForm, row: TaskRow | None = None) -> TaskForm:
    """A task stays with its account; a new one may be for any."""
    if row is None:
        form.account.choices = choices(list_account_names(db()))
        owners = possible_owners(db())
    else:
        form.account.choices = choices([(row.account_key, row.account_name)])
        owners = owners_for(db(), row.account_key)
    form.owner.choices = choices([("", _("nobody yet")), *owners])
    form.kind.choices = choices((kind.value, KINDS[kind]) for kind in TaskKind)
    return form


def _my_key() -> str:
    member = current_member()
    return member.key if member else ""


def _refusals() -> dict[str, str]:
    first, last = map(day_year, due_range(reader_today(db())))
    return {
        "bad-due": _("Choose a day from %(first)s to %(last)s.", first=first, last=last),
        "bad-title": _("Say in at most 200 characters what is to be done."),
        "no-such-kind": _("Choose a kind of the list."),
        "no-such-owner": _("Choose somebody who looks after this account."),
        "too-long": _("Keep it under 4,000 characters."),
        "bad-snooze": _("Choose a day from tomorrow on, at most 180 days ahead."),
        "no-reason": _("Give a reason: it stands beside the task."),
    }


def _snooze_form(today: date) -> SnoozeForm:
    week = {"until": today + timedelta(days=7)}
    return SnoozeForm(formdata=None, data=week, prefix="snooze-")


def _new_page(form: TaskForm) -> str:
    return render_template("tasks/new.html", form=_offer(form))


def _page(row: TaskRow, form: TaskForm, snoozing: SnoozeForm | None = None) -> str:
    today = reader_today(db())
    return render_template(
        "tasks/show.html",
        line=task_line(row),
        row=row,
        form=form,
        snoozing=snoozing or _snooze_form(today),
        tomorrow=today + timedelta(days=1),
    )
