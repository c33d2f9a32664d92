from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.account_settings.forms import PeopleShownForm
from portal.domain.permissions import Permission
from portal.services.account_settings import show_people
from portal.services.accounts import account_head
from portal.web.guards import customer_account_key, db, needs

blueprint = Blueprint(
    "account_settings", __name__, url_prefix="/settings", template_folder="templates"
)


@blueprint.get("")
@needs(Permission.ACCOUNT_SETTINGS)
def show() -> str:
    head = account_head(db(), customer_account_key())
    return _page(PeopleShownForm(people_shown=head.people_shown))


@blueprint.post("")
@needs(Permission.ACCOUNT_SETTINGS)
def save() -> Response:
    account_key = customer_account_key()
    form = PeopleShownForm()
    if not form.validate_on_submit():
        return make_response(_page(form), 422)
    show_people(db(), account_key, form.people_shown.data)
    flash(_("Saved. It holds from now on, for you and for us."), "good")
    return redirect(url_for("account_settings.show"))


def _page(form: PeopleShownForm) -> str:
    return render_template("account_settings/show.html", form=form)
