from typing import Any

from portal.jobs.registry import Context, GiveUp, job
from portal.models import Mail
from portal.services.mail import SEND, begin_delivery, finish_delivery, keep_mail, vendor_name
from portal.services.mail_delivery import Refused, compose, send

# With its back-off about eight hours: a mail server may be away for a night.
ATTEMPTS = 16


@job(SEND, attempts=ATTEMPTS)
def send_mail(context: Context, payload: dict[str, Any]) -> None:
    """Renders the mail into its row and hands it to the SMTP server, where there is one."""
    smtp_url = context.settings.smtp_url.get_secret_value()
    with context.session(writes=True) as session:
        mail = keep_mail(session, payload, context.account_id)
        if mail.sent_at is not None or not smtp_url:
            return
        vendor = vendor_name(session)
        begin_delivery(session, mail)
    _deliver(context, mail, vendor, smtp_url)
    with context.session(writes=True) as session:
        finish_delivery(session, mail.key)


def _deliver(context: Context, mail: Mail, vendor: str, smtp_url: str) -> None:
    try:
        send(compose(mail, context.settings, vendor), smtp_url)
    except Refused as refusal:
        raise GiveUp(str(refusal)) from refusal
