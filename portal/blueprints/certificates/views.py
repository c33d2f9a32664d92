from urllib.parse import urlsplit

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

from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission, Role
from portal.domain.training import CertificateState, read_code
from portal.services.report_files import kept_pdf, report_words
from portal.services.training.certificates import (
    CertificateView,
    check_certificate,
    withdraw_certificate,
)
from portal.web.context import frame_of, vendor_view
from portal.web.guards import db, needs, public, scope
from portal.web.refusals import turning_back
from portal.web.state import state
from reports.certificate import STYLE, CertificateFacts, render_certificate

blueprint = Blueprint(
    "certificates", __name__, url_prefix="/certificates", template_folder="templates"
)
LONGEST_REASON = 500


@blueprint.get("")
@public
def index() -> Response | AnyResponse:
    """A field for the number that stands on a certificate."""
    typed = request.args.get("code", "")
    code = read_code(typed)
    if code is not None:
        return redirect(url_for("certificates.show", code=code))
    shown = render_template("certificates/index.html", frame=_frame(), typed=typed)
    return make_response(shown, 422 if typed else 200)


@blueprint.get("/<code>")
@public
def show(code: str) -> Response:
    found = check_certificate(db(), code)
    page = render_template(
        "certificates/show.html", frame=_frame(), one=found, may_withdraw=_may_withdraw()
    )
    return _closed(make_response(page))


@blueprint.get("/<code>/<any('en', 'zh-Hans', 'zh-Hant'):locale>.pdf")
@public
def pdf(code: str, locale: str) -> Response:
    found = check_certificate(db(), code)
    if found.state is CertificateState.WITHDRAWN:
        raise NotFound
    document = render_certificate(_facts(found, locale), report_words(locale))
    made = kept_pdf(document, state().settings.data_dir, STYLE)
    response = Response(made, mimetype="application/pdf")
    name = f"certificate-{found.slug}-{found.code}.{locale}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return _closed(response)


@blueprint.post("/<code>/withdrawal")
@needs(Permission.ACCOUNT_DESK)
@turning_back("certificates.show", Conflict)
def withdraw(code: str) -> AnyResponse:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    withdraw_certificate(db(), code, reason)
    flash(_("The certificate is withdrawn. Its page says so from now on."), "good")
    return redirect(url_for("certificates.show", code=code))


def _facts(found: CertificateView, locale: str) -> CertificateFacts:
    public_address = urlsplit(str(state().settings.public_url))
    path = url_for("certificates.index")
    return CertificateFacts(
        vendor=vendor_view().name,
        name=found.name,
        account=found.account_name,
        course=found.title(locale),
        code=found.code,
        address=f"{public_address.netloc}{path}",
        issued_on=found.issued_on,
        expires_on=found.expires_on,
    )


def _closed(response: Response) -> Response:
    """It names a person: no machine keeps it, no engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _may_withdraw() -> bool:
    return scope().allows(Permission.ACCOUNT_DESK)


def _frame() -> str:
    role = scope().role
    return "visitor.html" if role is Role.VISITOR else frame_of(scope())
