"""A certificate as a page to print: A4 landscape, in the language asked for."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

from reports.render import templates
from reports.words import Words

STYLE = "certificate"
"""Its style sheet, for `reports.pdf.render_pdf`."""
# The line that rises to the goal, as the portal's door has it.
_LINE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 842 250" fill="none" \
stroke-linecap="round">
<path d="M0 214C150 214 200 150 330 140S520 104 590 84" stroke="#b3b8dd" stroke-width="2.5"/>
<path d="M590 84C670 58 720 34 800 20" stroke="#b3b8dd" stroke-width="2.5" \
stroke-dasharray="1 9"/>
<g fill="#f8f5ee" stroke="#b3b8dd" stroke-width="2.5"><circle cx="96.6" cy="203.9" r="6"/>\
<circle cx="244.7" cy="155.8" r="6"/><circle cx="482.5" cy="115.8" r="6"/></g>\
<circle cx="590" cy="84" r="11" fill="#2b3da6"/><path d="M584 84l4.500 4.500 8-9" \
stroke="#fff" stroke-width="2.500"/><path d="M800 6l13 13-13 13-13-13z" fill="#2b3da6"/></svg>"""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What stands on it. `address`: where it can be checked, without https://. `expires_on` None:
    valid for good.
    """

    vendor: str
    name: str
    account: str
    course: str
    code: str
    address: str
    issued_on: date
    expires_on: date | None


def render_certificate(facts: CertificateFacts, words: Words) -> str:
    """A whole HTML document for `reports.pdf.render_pdf`; it names no address of any kind."""
    drawing = "data:image/svg+xml;base64," + b64encode(_LINE.encode()).decode()
    return templates.get_template("certificate.html").render(
        _=words.gettext, words=words, facts=facts, drawing=drawing
    )
