"""What is read: the list, as a page and as a file, and one request."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.requests import blueprint
from portal.blueprints.requests.forms import AnswerForm, MessageForm
from portal.blueprints.requests.listing import list_page, list_rows, read_question
from portal.blueprints.requests.page import request_page
from portal.domain.permissions import Permission
from portal.services.requests.files import files_of
from portal.services.requests.labels import state_labels
from portal.services.requests.listing import every_request, find_requests, usual_wait
from portal.services.requests.showing import show_request
from portal.web.clock import request_time
from portal.web.guards import customer_account_key, db, needs
from portal.web.locale import request_locale
from portal.web.request_files import scanner, shown_files
from portal.web.spreadsheets import csv_file


@blueprint.get("")
@needs(Permission.REQUEST_READ)
def index() -> str:
    customer_account_key()
    question = read_question(request.args)
    labels = state_labels(db(), request_locale())
    page = list_page(find_requests(db(), question), question, labels, usual_wait(db()))
    return render_template("requests/index.html", page=page)


@blueprint.get("/requests.csv")
@needs(Permission.REQUEST_READ)
def index_csv() -> Response:
    """All that fit the tab and the kind, in their order."""
    customer_account_key()
    rows = every_request(db(), read_question(request.args))
    columns, cells = list_rows(rows, state_labels(db(), request_locale()))
    return csv_file(f"requests-{request_time():%Y-%m-%d}.csv", columns, cells)


@blueprint.get("/<key>")
@needs(Permission.REQUEST_READ)
def show(key: str) -> AnyResponse | str:
    customer_account_key()
    view = show_request(db(), key)
    if view.merged_into is not None:
        root, code = view.merged_into
        flash(_("%(code)s was merged into this one.", code=f"{view.code} → {code}"), "info")
        return redirect(url_for("requests.show", key=root))
    return page_of(key, MessageForm(formdata=None), AnswerForm(formdata=None))


def page_of(key: str, message: MessageForm, answer: AnswerForm, kept: Sequence[str] = ()) -> str:
    """`kept`: keys of the files that were sent with a message that was refused."""
    view = show_request(db(), key)
    page = request_page(view, state_labels(db(), request_locale()))
    return render_template(
        "requests/show.html",
        page=page,
        message=message,
        answer=answer,
        files=files_of(db(), key, scanned=scanner().there),
        attached=shown_files(kept),
    )
