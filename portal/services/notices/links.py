"""Addresses in mails, two of which do something for whoever holds them: they are signed."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from portal.config import Settings
from portal.services.requests.mail_addresses import reply_address
from portal.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Links:
    settings: Settings

    @property
    def base(self) -> str:
        """The portal's address without a slash at its end."""
        return self.settings.public_url.rstrip("/")

    def whole(self, path: str) -> str:
        return self.base + path

    def confirm(self, request_key: str, release: int, user_key: str) -> str:
        token = self._signer("confirm").dumps([request_key, release, user_key])
        return f"{self.base}/confirm/{_text(token)}"

    def unsubscribe(self, user_key: str, what: str) -> str:
        """`what`: a kind of notice, or "digest"."""
        token = self._signer("unsubscribe").dumps([user_key, what])
        return f"{self.base}/notices/unsubscribe/{_text(token)}"

    def reply_to(self, request_key: str, user_id: int) -> str:
        """Where an answer by mail goes; empty where none is taken in."""
        return reply_address(self.settings, request_key, user_id) or ""

    def read(self, purpose: str, token: str) -> list[str | int] | None:
        """What was signed; None where it was not by us, or for another purpose."""
        try:
            found = self._signer(purpose).loads(token)
        except BadSignature:
            return None
        return found if isinstance(found, list) else None

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.settings.signing_key, salt=f"notices.{purpose}")


def links_of(settings: Settings) -> Links:
    return Links(settings)


def path_of(scope: Scope, request_key: str) -> str:
    """Where the reader finds the request."""
    room = "triage" if scope.role.side == "vendor" else "requests"
    return f"/{room}/{request_key}"


def _text(token: str | bytes) -> str:
    return token if isinstance(token, str) else token.decode()
