from flask import Response, render_template, request

from portal.blueprints.triage import blueprint
from portal.blueprints.triage.asking import read_address
from portal.blueprints.triage.listing import COLUMNS, board_view, file_row, list_view
from portal.domain.permissions import Permission
from portal.services.requests.acts import assignable
from portal.services.requests.choices import accounts_with_requests, live_features
from portal.services.requests.labels import state_labels
from portal.services.requests.queue import find_board, find_queue
from portal.services.requests.queue_file import every_in_queue
from portal.web.clock import request_time
from portal.web.guards import db, needs
from portal.web.locale import request_locale
from portal.web.spreadsheets import csv_file


@blueprint.get("")
@needs(Permission.REQUEST_DESK)
def index() -> str:
    asked = read_address(request.args)
    choices = (accounts_with_requests(db()), live_features(db()), assignable(db()))
    labels = state_labels(db(), request_locale())
    now = request_time()
    if asked.board:
        page = board_view(find_board(db(), asked.question), asked, choices, labels, now)
    else:
        page = list_view(find_queue(db(), asked.question), asked, choices, labels, now)
    return render_template("triage/index.html", page=page)


@blueprint.get("/requests.csv")
@needs(Permission.REQUEST_DESK)
def index_csv() -> Response:
    """All that fit the filters, in their order."""
    asked = read_address(request.args)
    rows = map(file_row, every_in_queue(db(), asked.question))
    return csv_file(f"requests-{request_time():%Y-%m-%d}.csv", COLUMNS, rows)
