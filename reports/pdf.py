"""PDF in a process of its own, so that a hard time limit holds and the web never loads Pango."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from reports.system import check_system

__all__ = ["PdfError", "check_system", "fingerprint", "render_pdf"]

TIMEOUT_SECONDS = 60.0
_MODULE = "reports.typesetter"
REPORT = "report"


class PdfError(RuntimeError):
    """No PDF was made; the message says why in one sentence."""


def style_sheet(style: str) -> Path:
    """The sheet of a kind of document: report, certificate."""
    return Path(__file__).parent / "templates" / f"{style}.css"


def fingerprint(html: str, style: str = REPORT) -> str:
    """Hexadecimal; another one for another document, and for another style sheet."""
    return sha256(html.encode() + style_sheet(style).read_bytes()).hexdigest()


def render_pdf(
    html: str, *, style: str = REPORT, timeout_seconds: float = TIMEOUT_SECONDS
) -> bytes:
    """A tagged PDF/UA-1 of a document from `reports.render.render_document` or
    `reports.certificate.render_certificate`.

    The same document gives the same bytes. PdfError where the system lacks a part, the time is
    up, or the typesetter fails.
    """
    if missing := check_system():
        raise PdfError(" ".join(missing))
    command = [sys.executable, "-m", _MODULE, style]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the document goes in by a pipe
            command,
            input=html.encode(),
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
            # The dates inside embedded fonts come from here: same document, same bytes.
            env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
        )
    except subprocess.TimeoutExpired as error:
        raise PdfError(
            f"The PDF was not ready after {timeout_seconds:g} seconds and was given up."
        ) from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise PdfError(f"The PDF could not be typeset: {reason}")
    return done.stdout
