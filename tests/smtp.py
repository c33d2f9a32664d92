"""An SMTP server of the tests' own, in a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port


class Post:
    """Keeps what it accepts. `answer` replaces the word of welcome for the text of a mail."""

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.answer = "250 kept"
        self.refused: set[str] = set()
        self.url = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        if self.answer.startswith("250"):
            self.accepted.append(message_from_bytes(envelope.content, EmailMessage, policy=SMTP))
        return self.answer


@contextmanager
def smtp_server() -> Iterator[Post]:
    post = Post()
    port = free_port()  # the controller asks itself by its port, so it cannot be 0
    post.url = f"smtp://127.0.0.1:{port}"
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
