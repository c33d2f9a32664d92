from flask import render_template

from portal.blueprints.admin import blueprint
from portal.domain.permissions import Permission
from portal.services.mail import list_mails, show_mail
from portal.web.guards import db, needs
from portal.web.state import state


@blueprint.get("/mails")
@needs(Permission.MAIL_READ)
def mails() -> str:
    sends = bool(state().settings.smtp_url.get_secret_value())
    return render_template("admin/mails.html", mails=list_mails(db()), sends=sends)


@blueprint.get("/mails/<key>")
@needs(Permission.MAIL_READ)
def mails_show(key: str) -> str:
    return render_template("admin/mail.html", mail=show_mail(db(), key))
