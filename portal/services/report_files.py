"""The PDF of a report: rendered once for each document and kept, named by what it follows from."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from portal.domain.errors import DomainError
from portal.locales import translations
from reports.model import Snapshot
from reports.pdf import REPORT, PdfError, fingerprint, render_pdf
from reports.render import render_document
from reports.words import Words


class PdfUnavailable(DomainError):
    """The system lacks what a PDF needs, or it took too long."""

    status = 503
    code = "pdf-unavailable"


def report_words(locale: str) -> Words:
    return Words(locale, translations(locale))


def pdf_of(snapshot: Snapshot, locale: str, data_dir: Path) -> bytes:
    """The PDF in the locale. Raises PdfUnavailable with a sentence for whoever runs the portal."""
    return kept_pdf(render_document(snapshot, report_words(locale)), data_dir)


def kept_pdf(document: str, data_dir: Path, style: str = REPORT) -> bytes:
    """The PDF of a document in a style sheet of reports/, made once. Raises PdfUnavailable."""
    file = data_dir / "reports" / f"{fingerprint(document, style)}.pdf"
    if file.exists():
        return file.read_bytes()
    try:
        made = render_pdf(document, style=style)
    except PdfError as failure:
        raise PdfUnavailable(str(failure)) from failure
    _keep(file, made)
    return made


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
        temporary.write(content)
        temporary.flush()
        os.fsync(temporary.fileno())
    Path(temporary.name).replace(file)


def file_name(snapshot: Snapshot, locale: str) -> str:
    """Such as oskelund-foods-2026-07-01-2026-09-30-v2.zh-Hans.pdf"""
    period = f"{snapshot.period.first}-{snapshot.period.last}"
    return f"{snapshot.account.key}-{period}-v{snapshot.version}.{locale}.pdf"
