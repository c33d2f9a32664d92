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
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.reports.forms import DraftForm, WordsForm
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.locales import LOCALES
from portal.services.accounts import list_account_names
from portal.services.report_files import file_name, pdf_of, report_words
from portal.services.value_reports import (
    ReportView,
    discard_draft,
    draft_report,
    list_reports,
    publish_report,
    show_report,
    write_notes,
)
from portal.web.assets import static_url
from portal.web.clock import request_time
from portal.web.context import frame_of
from portal.web.forms import choices
from portal.web.guards import db, needs, scope
from portal.web.locale import request_locale
from portal.web.refusals import turn_back, turning_back
from portal.web.state import state
from reports.render import render_body, report_title

blueprint = Blueprint("reports", __name__, template_folder="templates")


@blueprint.get("/reports")
@needs(Permission.REPORT_READ)
def index() -> str:
    return _index(_draft_form())


@blueprint.post("/reports")
@needs(Permission.REPORT_WRITE)
def create() -> AnyResponse:
    form = _draft_form()
    if form.validate_on_submit():
        with form.refusing(_refusals(form.first.data), Invalid, Conflict):
            key = draft_report(db(), form.account.data, form.first.data, form.last.data)
            return redirect(url_for("reports.show", key=key))
    return make_response(_index(form), form.answer)


@blueprint.get("/reports/<key>")
@needs(Permission.REPORT_READ)
def show(key: str) -> str:
    view = show_report(db(), key)
    words = report_words(request_locale())
    body = render_body(
        view.snapshot,
        words,
        actions=_actions(key),
        icons_url=static_url("img/icons.svg"),
    )
    title = report_title(view.snapshot, words)
    return render_template(
        "reports/show.html", frame=frame_of(scope()), view=view, body=body, title=title
    )


@blueprint.get("/reports/<key>/<any('en', 'zh-Hans', 'zh-Hant'):locale>.pdf")
@needs(Permission.REPORT_READ)
def pdf(key: str, locale: str) -> Response:
    view = show_report(db(), key)
    made = pdf_of(view.snapshot, locale, state().settings.data_dir)
    response = Response(made, mimetype="application/pdf")
    name = file_name(view.snapshot, locale)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/reports/<key>/words")
@needs(Permission.REPORT_WRITE)
def words(key: str) -> str:
    view = show_report(db(), key)
    if view.row.published_at is not None:
        raise NotFound
    notes = {locale.replace("-", "_").lower(): view.notes.get(locale, "") for locale in LOCALES}
    return _words_page(view, WordsForm(data=notes))


@blueprint.post("/reports/<key>/words")
@needs(Permission.REPORT_WRITE)
@turning_back("reports.show", Conflict)
def words_save(key: str) -> AnyResponse:
    form = WordsForm()
    if form.validate_on_submit():
        said = _("Use at most 40 paragraphs of 4,000 characters each.")
        with form.refusing({"too-long": said}):
            write_notes(db(), key, form.notes())
            flash(_("Your words are kept in the draft."), "good")
            return redirect(url_for("reports.show", key=key))
    return make_response(_words_page(show_report(db(), key), form), 422)


@blueprint.post("/reports/<key>/publication")
@needs(Permission.REPORT_WRITE)
@turning_back("reports.show", Conflict)
def publish(key: str) -> AnyResponse:
    publish_report(db(), key)
    flash(_("Published. The customer sees it now, and it never changes."), "good")
    return redirect(url_for("reports.show", key=key))


@blueprint.post("/reports/<key>/discard")
@needs(Permission.REPORT_WRITE)
@turning_back("reports.show", Conflict)
def discard(key: str) -> AnyResponse:
    discard_draft(db(), key)
    flash(_("The draft is gone."), "good")
    return redirect(url_for("reports.index"))


@blueprint.post("/reports/<key>/versions")
@needs(Permission.REPORT_WRITE)
def new_version(key: str) -> AnyResponse:
    row = show_report(db(), key).row
    try:
        made = draft_report(db(), row.account_key, row.first, row.last)
    except Conflict as stands:
        return turn_back(stands, url_for("reports.index"))
    return redirect(url_for("reports.show", key=made))


def _draft_form() -> DraftForm:
    first, last = last_quarter(request_time().date())
    form = DraftForm(data={"account": request.args.get("account"), "first": first, "last": last})
    form.account.choices = choices(list_account_names(db()))
    return form


def last_quarter(today: date) -> tuple[date, date]:
    """The last calendar quarter that is over: what a report is usually about."""
    end = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return end.replace(month=end.month - 2, day=1), end


def _refusals(first: date) -> dict[str, str]:
    return {
        "draft-exists": _("A draft for this account and period stands already, in the list above."),
        "ends-before-it-begins": _("Choose a day on or after %(day)s.", day=first),
        "too-long": _("A report covers at most 366 days."),
        "too-early": _("There are no figures for this period."),
        "not-over": _("Choose a last day before today: the period must be over."),
    }


def _index(form: DraftForm) -> str:
    return render_template(
        "reports/index.html", frame=frame_of(scope()), reports=list_reports(db()), form=form
    )


def _words_page(view: ReportView, form: WordsForm) -> str:
    return render_template("reports/words.html", frame=frame_of(scope()), view=view, form=form)


def _actions(key: str) -> Markup:
    return Markup(render_template("reports/actions.html", key=key))  # noqa: S704 # our template, escaped
