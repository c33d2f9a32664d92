"""A mail as it comes in, read without believing it: who says that they sent it, to whom, and what
it says. Nothing of it is executed, followed or asked for.
"""

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser

from portal.domain.addresses import AddressError, normal_address

LARGEST = 30 * 1024 * 1024
MOST_PARTS, MOST_FILES = 100, 10
LONGEST_TEXT = 100_000
_LONGEST_HEADER = 4000
_MOST_RECIPIENTS = 50
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_SEALS = frozenset({"application/pgp-signature", "application/pkcs7-signature"})
# Signatures' small pictures.
_TRIFLE = 6 * 1024
# Decoders that are no character sets, or take far longer than a text is long.
_BARRED = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "utf7"})
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "gb18030"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_UNSEEN = frozenset({"style", "script", "head", "title"})
_QUOTED = frozenset({"blockquote"})


@dataclass(frozen=True, slots=True)
class Letter:
    """`sender` and `recipients` are addresses in lower case. `automatic`: a machine wrote it.
    `verdicts`: the Authentication-Results, the latest server's first.
    """

    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    automatic: bool
    text: str
    verdicts: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = field(default=())


def read_letter(raw: bytes) -> Letter | None:
    """None for what is no mail that can be answered: no single sender, or broken. The parser of
    the standard library has failed in other ways than these on some mails: such an error is the
    caller's to note.
    """
    if len(raw) > LARGEST:
        return None
    try:
        return _read(email.message_from_bytes(raw, policy=email.policy.compat32))
    except (LookupError, ValueError, RecursionError, email.errors.MessageError):
        return None


def _read(message: "Message[str, str]") -> Letter | None:
    senders = _addresses(message, ("From",))
    if len(senders) != 1 or len(message.get_all("From", [])) != 1:
        return None
    plain, formatted, files = _parts(message)
    text = "\n".join(plain) if plain else _text_of_html("\n".join(formatted))
    return Letter(
        sender=senders[0],
        recipients=tuple(_addresses(message, _RECIPIENTS)),
        subject=" ".join(_header(message, "Subject").split()),
        message_id=" ".join(_header(message, "Message-ID").split())[:300],
        automatic=_is_automatic(message, senders[0]),
        text=_CONTROL.sub("", text)[:LONGEST_TEXT].strip(),
        verdicts=tuple(
            str(one)[:_LONGEST_HEADER] for one in _all(message, "Authentication-Results")
        ),
        files=tuple(files[:MOST_FILES]),
    )


def _all(message: "Message[str, str]", name: str) -> list[str]:
    return [str(one)[:_LONGEST_HEADER] for one in message.get_all(name, [])[:MOST_PARTS]]


def _header(message: "Message[str, str]", name: str) -> str:
    raw = str(message.get(name, ""))[:_LONGEST_HEADER]
    try:
        said = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, email.errors.MessageError):
        said = raw
    return _CONTROL.sub("", said)


def _addresses(message: "Message[str, str]", names: tuple[str, ...]) -> list[str]:
    given = [one for name in names for one in _all(message, name)]
    found = []
    for _name, address in getaddresses(given)[:_MOST_RECIPIENTS]:
        try:
            found.append(normal_address(address))
        except AddressError:
            continue
    return list(dict.fromkeys(found))


def _is_automatic(message: "Message[str, str]", sender: str) -> bool:
    submitted = _header(message, "Auto-Submitted").strip().lower()
    precedence = _header(message, "Precedence").strip().lower()
    marked = any(
        message.get(name) is not None
        for name in ("X-Loop", "X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")
    )
    return (
        (bool(submitted) and submitted != "no")
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or marked
        or _header(message, "Return-Path").strip() == "<>"
        or sender.partition("@")[0] in {"mailer-daemon", "postmaster", "noreply", "no-reply"}
    )


def _parts(
    message: "Message[str, str]",
) -> tuple[list[str], list[str], list[tuple[str, bytes]]]:
    """Plain texts, formatted texts and files."""
    plain: list[str] = []
    formatted: list[str] = []
    files: list[tuple[str, bytes]] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if part.get_content_disposition() != "attachment" and kind in {"text/plain", "text/html"}:
            (plain if kind == "text/plain" else formatted).append(_decoded(part, content))
        elif kind not in _SEALS and not _is_trifle(part, content):
            files.append((_name(part), content))
    return plain, formatted, files


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """At most MOST_PARTS. What was forwarded whole stays one part, and is not looked into."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(reversed([one for one in inside if isinstance(one, Message)]))
        else:
            yield part


def _is_trifle(part: "Message[str, str]", content: bytes) -> bool:
    return (
        part.get_content_maintype() == "image"
        and bool(part.get("Content-ID"))
        and (len(content) < _TRIFLE)
    )


def _name(part: "Message[str, str]") -> str:
    name = str(part.get_filename() or "")[:_LONGEST_HEADER]
    try:
        return str(make_header(decode_header(name)))
    except (LookupError, ValueError, email.errors.MessageError):
        return name


def _decoded(part: "Message[str, str]", content: bytes) -> str:
    charset = str(part.get_content_charset() or "utf-8").lower()
    charset = _WIDER.get(charset, charset)
    if charset.replace("-", "_") in _BARRED or charset in _BARRED:
        charset = "utf-8"
    content = content[: 4 * LONGEST_TEXT]
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _text_of_html(html: str) -> str:
    reader = _Reader()
    reader.feed(html[: 4 * LONGEST_TEXT])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """The words of a formatted mail; what it quotes is marked as in a plain one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._unseen += tag in _UNSEEN
        self._quoted += tag in _QUOTED
        if tag in _BREAKS or tag in _QUOTED:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._quoted = max(0, self._quoted - (tag in _QUOTED))
        if tag in _QUOTED or tag == "p":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(" ".join(data.split("\n")))

    def _break(self) -> None:
        self.said.append("\n> " if self._quoted else "\n")
