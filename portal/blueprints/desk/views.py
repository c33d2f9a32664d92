from flask import Blueprint, Response, render_template, request

from portal.blueprints.desk.account import account_page
from portal.blueprints.desk.listing import list_page, list_rows
from portal.blueprints.desk.question import read_question
from portal.domain.permissions import Permission
from portal.services.desk import choose, find_accounts, scores_by_key, show_account
from portal.services.portfolio import list_portfolio
from portal.web.clock import request_time
from portal.web.guards import db, needs
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("desk", __name__, template_folder="templates")


@blueprint.get("/accounts")
@needs(Permission.ACCOUNT_DESK)
def accounts() -> str:
    question = read_question(request.args)
    page = list_page(find_accounts(db(), question), question)
    return render_template("desk/accounts.html", page=page)


@blueprint.get("/accounts.csv")
@needs(Permission.ACCOUNT_DESK)
def accounts_csv() -> Response:
    """All that fit the filters, in their order."""
    scores = scores_by_key(db())
    found = choose(list_portfolio(db()), read_question(request.args), scores)
    columns, rows = list_rows(found, scores)
    return csv_file(f"accounts-{request_time():%Y-%m-%d}.csv", columns, rows)


@blueprint.get("/accounts/<account_key>")
@needs(Permission.ACCOUNT_DESK)
def account(account_key: str) -> str:
    return render_template("desk/account.html", page=account_page(show_account(db(), account_key)))
