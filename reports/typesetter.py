"""The one module that loads WeasyPrint. `python -m reports.typesetter report` turns HTML into PDF.

Nothing is fetched but our own named assets: no file, no host, no matter what the document asks.
"""

import sys
from base64 import b64decode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

from reports.certificate import STYLE as CERTIFICATE
from reports.pdf import REPORT, style_sheet

_FONTS = Path(__file__).parent.parent / "static" / "fonts"
_PICTURE = "data:image/svg+xml;base64,"

ASSETS: Final = {
    "asset:report.css": (style_sheet(REPORT), "text/css"),
    "asset:certificate.css": (style_sheet(CERTIFICATE), "text/css"),
    "asset:inter-latin-wght.woff2": (_FONTS / "inter-latin-wght.woff2", "font/woff2"),
}


class RefusedError(ValueError):
    """An address that is not one of our assets."""


class OurAssetsOnly(weasyprint.URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
    """An allow-list: the assets above, and drawings that the document itself carries."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        if url in ASSETS:
            path, kind = ASSETS[url]
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        if url.startswith(_PICTURE):
            body = b64decode(url.removeprefix(_PICTURE), validate=True)
            return URLFetcherResponse(url, body, {"Content-Type": "image/svg+xml"})
        self.refused.append(url[:80])
        raise RefusedError(f"Only our own assets are read, not {url[:80]}")


@cache
def _fonts() -> FontConfiguration:
    """One for the process: each would read every font of the system again."""
    return FontConfiguration()


def typeset(html: str, fetcher: OurAssetsOnly | None = None, style: str = REPORT) -> bytes:
    """The PDF of a document, tagged as PDF/UA-1, with every font embedded as a subset."""
    fetcher = fetcher or OurAssetsOnly()
    css, _ = ASSETS[f"asset:{style}.css"]
    style = weasyprint.CSS(
        string=css.read_text(), url_fetcher=fetcher, font_config=_fonts(), base_url="asset:"
    )
    document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="asset:")
    made: bytes = document.write_pdf(
        stylesheets=[style],
        font_config=_fonts(),
        pdf_variant="pdf/ua-1",
        pdf_identifier=sha256(html.encode()).digest()[:16],
    )
    return made


def main() -> None:
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), style=sys.argv[1]))


if __name__ == "__main__":
    main()
