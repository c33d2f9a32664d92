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

from portal.blueprints.readings.forms import DAYS, REASON_WORDS, WhyNotForm, read_wish
from portal.blueprints.readings.listing import COLUMNS, cells, days_words, list_page
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.services.next_steps import nearest
from portal.services.reading_list import every_reading, find_readings
from portal.services.reading_statistics import text_statistics
from portal.services.readings import Verdict, give_verdict, note_reading, own_company
from portal.web.clock import request_time
from portal.web.context import frame_of
from portal.web.guards import db, needs, scope
from portal.web.listing import Link
from portal.web.spreadsheets import csv_file

blueprint = Blueprint("readings", __name__, template_folder="templates")


@blueprint.post("/knowledge/<slug>/readings")
@needs(Permission.KNOWLEDGE_READ)
def note(slug: str) -> tuple[str, int]:
    """Sent by the page once the text has been on the screen for a while."""
    note_reading(db(), slug)
    return "", 204


@blueprint.get("/knowledge/<slug>/company")
@needs(Permission.KNOWLEDGE_READ)
def company(slug: str) -> Response:
    """What the reader's own company makes of the text, as a fragment: the page itself is kept."""
    found = own_company(db(), slug)
    response = make_response(render_template("readings/_company.html", company=found))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/knowledge/<slug>/verdict/helped")
@needs(Permission.KNOWLEDGE_READ)
def helped(slug: str) -> AnyResponse:
    give_verdict(db(), slug, Verdict(helpful=True))
    flash(_("Good to know. Thank you."), "toast")
    return redirect(url_for("knowledge.show", slug=slug))


@blueprint.get("/knowledge/<slug>/verdict")
@needs(Permission.KNOWLEDGE_READ)
def ask(slug: str) -> str:
    found = own_company(db(), slug)
    given = found.verdict if found and found.verdict and not found.verdict.helpful else None
    return _asking(slug, WhyNotForm(formdata=None, obj=given))


@blueprint.post("/knowledge/<slug>/verdict")
@needs(Permission.KNOWLEDGE_READ)
def say(slug: str) -> AnyResponse:
    form = WhyNotForm()
    if form.validate_on_submit():
        with form.refusing({}):
            said = Verdict(
                False, form.reason.data, (form.words.data or "").strip()
            )  # it did not help
            give_verdict(db(), slug, said)
            flash(_("Thank you. Whoever keeps this text reads it."), "toast")
            return redirect(url_for("knowledge.show", slug=slug))
    return make_response(_asking(slug, form), 422)


@blueprint.get("/reading-statistics")
@needs(Permission.KNOWLEDGE_WRITE)
def index() -> str:
    wish = read_wish(request.args)
    found = find_readings(db(), wish.question)
    return render_template("readings/index.html", page=list_page(found, wish))


@blueprint.get("/reading-statistics.csv")
@needs(Permission.KNOWLEDGE_WRITE)
def index_csv() -> Response:
    wish = read_wish(request.args)
    rows = every_reading(db(), wish.question)
    return csv_file(f"reading-{request_time():%Y-%m-%d}.csv", COLUMNS, cells(rows))


@blueprint.get("/reading-statistics/<slug>")
@needs(Permission.KNOWLEDGE_WRITE)
def show(slug: str) -> str:
    wish = read_wish(request.args)
    found = text_statistics(db(), slug, days=wish.days)
    windows = [
        Link(days_words(days), url_for("readings.show", slug=slug, days=days), days == wish.days)
        for days in DAYS
    ]
    return render_template(
        "readings/show.html", found=found, windows=windows, wish=wish, reasons=REASON_WORDS
    )


def _asking(slug: str, form: WhyNotForm) -> str:
    line = nearest(db(), [slug]).get(slug)
    if line is None:
        raise NotFound
    frame = frame_of(scope())
    return render_template("readings/ask.html", frame=frame, form=form, line=line)
