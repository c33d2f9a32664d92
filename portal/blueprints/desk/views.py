from flask import Blueprint, Response, render_template, request

from portal.blueprints.desk.account import account_page
from portal.blueprints.desk.listing import list_page, list_rows
from portal.blueprints.desk.map import MapPage, map_page, size_of_map
from portal.blueprints.desk.question import MAP, read_question, view_of
from portal.domain.permissions import Permission
from portal.services.account_book import read_book
from portal.services.desk import AccountPage, AccountQuestion, choose, find_accounts, show_account
from portal.services.health import latest_scores
from portal.services.portfolio import list_portfolio
from portal.services.remembered import remember
from portal.web.clock import request_time
from portal.web.guards import db, needs, scope
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("desk", __name__, template_folder="templates")


@blueprint.get("/accounts")
@needs(Permission.ACCOUNT_DESK)
def accounts() -> str:
    """As a table, or with ?view=map as a map."""
    question, view = read_question(request.args), view_of(request.args)
    found = find_accounts(db(), question, whole=view == MAP)
    drawn = _map(found, question) if view == MAP else None
    csms = scope().allows(Permission.ACCOUNT_ALL)
    page = list_page(found, question, csms=csms, drawn=drawn)
    return render_template("desk/accounts.html", page=page)


def _map(found: AccountPage, question: AccountQuestion) -> MapPage:
    """Drawn once for the same accounts, in each language."""
    return remember(
        db(),
        ("map", scope().locale, question),
        (found.rows, found.scores, found.book.entries),
        lambda: map_page(found),
        size_of_map,
    )


@blueprint.get("/accounts.csv")
@needs(Permission.ACCOUNT_DESK)
def accounts_csv() -> Response:
    """All that fit the filters, in their order."""
    scores, book = latest_scores(db()), read_book(db())
    found = choose(list_portfolio(db()), read_question(request.args), scores, book)
    columns, rows = list_rows(found, scores, book)
    return csv_file(f"accounts-{request_time():%Y-%m-%d}.csv", columns, rows)


@blueprint.get("/accounts/<account_key>")
@needs(Permission.ACCOUNT_DESK)
def account(account_key: str) -> str:
    return render_template("desk/account.html", page=account_page(show_account(db(), account_key)))
