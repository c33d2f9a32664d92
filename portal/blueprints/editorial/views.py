from flask import Response, render_template, request

from portal.blueprints.editorial.forms import read_question
from portal.blueprints.editorial.listing import COLUMNS, cells, list_page
from portal.blueprints.editorial.room import blueprint
from portal.domain.permissions import Permission
from portal.services.editorial_list import every_text, find_texts
from portal.web.clock import request_time
from portal.web.guards import db, needs
from portal.web.spreadsheets import csv_file


@blueprint.get("")
@needs(Permission.KNOWLEDGE_WRITE)
def index() -> str:
    question = read_question(request.args)
    page = list_page(find_texts(db(), question), question)
    return render_template("editorial/index.html", page=page)


@blueprint.get("/texts.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def index_csv() -> Response:
    """All that fit the filters, in their order."""
    rows = every_text(db(), read_question(request.args))
    return csv_file(f"texts-{request_time():%Y-%m-%d}.csv", COLUMNS, cells(rows))
