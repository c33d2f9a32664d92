"""Flask-Security's mails, as rows in the outbox. Links begin with the public address from the
settings, never with a Host header.
"""

from typing import Any

from flask import current_app, g, url_for
from flask_security import MailUtil

from portal.domain.addresses import normal_address
from portal.services.mail import queue_mail
from portal.web.clock import request_time
from portal.web.sign_in_store import PortalUser, door_session
from portal.web.state import state


class SignInMails(MailUtil):
    def send_mail(  # noqa: PLR0917 # Flask-Security's signature
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Queues the mail; subject and bodies are the mail template's own matter."""
        del subject, sender, body, html
        user: PortalUser = context["user"]
        with door_session(user, writes=True) as session:
            queue_mail(
                session,
                recipient=recipient,
                locale=user.locale,
                template=template,
                values=_values(template, user, context),
                idempotency_key=f"{template}:{user.id}:{g.request_id}",
                account_id=user.account_id,
            )
            session.commit()

    def normalize(self, email: str) -> str:
        return normal_address(email)

    def validate(self, email: str) -> str:
        return normal_address(email)


def public_link(endpoint: str, **parts: Any) -> str:
    """The whole address of a page for a mail."""
    return state().settings.public_url + url_for(endpoint, **parts)


def _values(template: str, user: PortalUser, context: dict[str, Any]) -> dict[str, Any]:
    if template == "password_reset":
        within = current_app.config["SECURITY_RESET_PASSWORD_WITHIN"]
        return {
            "name": user.name,
            "link": public_link("security.reset_password", token=context["reset_token"]),
            "minutes": int(within.total_seconds() // 60),
        }
    return {
        "name": user.name,
        "link": public_link("security.forgot_password"),
        "changed_at": request_time().isoformat(),
        "time_zone": user.time_zone,
    }
