from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from portal.blueprints.loop_figures.accounts import account_rows, sort_of, sorted_accounts
from portal.blueprints.loop_figures.page import figures_page, kind_lines
from portal.domain.permissions import Permission
from portal.services.requests.figures import USUAL_WINDOW, WINDOWS, read_figures
from portal.web.guards import customer_account_key, db, needs
from portal.web.listing import kept
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("loop_figures", __name__, template_folder="templates")


@blueprint.get("/requests/figures")
@needs(Permission.REQUEST_READ)
def mine() -> str:
    customer_account_key()
    book = read_figures(db(), _days())
    page = figures_page(book, lambda days: url_for("loop_figures.mine", days=days))
    return render_template("loop_figures/mine.html", page=page)


@blueprint.get("/triage/figures")
@needs(Permission.REQUEST_DESK)
def everybody() -> str:
    book, (sort, down) = read_figures(db(), _days()), sort_of(request.args)

    def address(**changes: Any) -> str:
        now = {"days": book.days, "sort": sort, "dir": "desc" if down else ""}
        return url_for("loop_figures.everybody", **kept(now, changes))

    return render_template(
        "loop_figures/everybody.html",
        page=figures_page(book, address),
        kinds=kind_lines(book),
        accounts=sorted_accounts(book, sort, down=down, address=address),
        csv=url_for("loop_figures.csv", days=book.days),
    )


@blueprint.get("/triage/figures.csv")
@needs(Permission.REQUEST_DESK)
def csv() -> Response:
    columns, rows = account_rows(read_figures(db(), _days()))
    return csv_file("request-figures.csv", columns, rows)


def _days() -> int:
    said = request.args.get("days", "")
    return next((days for days in WINDOWS if str(days) == said), USUAL_WINDOW)
