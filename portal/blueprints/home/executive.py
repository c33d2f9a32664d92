"""The executive's first page: what came of it, from the newest report that is frozen."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.blueprints.home.greetings import greet
from portal.services.contacts import Contact
from portal.services.home import executive_home
from portal.services.report_files import report_words
from portal.web.cards import ContactCard, ReportLine, contact_card, report_lines
from portal.web.context import vendor_view
from portal.web.guards import customer_account_key, db
from portal.web.locale import request_locale
from reports import sentences
from reports.model import Note
from reports.render import Shown, figure_strip

MOST_REPORTS = 5


@dataclass(frozen=True, slots=True)
class ExecutivePage:
    """`period` names the months that headline and figures are about; empty before a report."""

    kicker: str
    headline: str
    lead: str
    period: str
    figures: list[Shown]
    note: Note | None
    author: str
    read_url: str
    pdf_url: str
    reports: list[ReportLine]
    csm: ContactCard | None


def executive_page() -> ExecutivePage:
    home = executive_home(db(), customer_account_key())
    if home.snapshot is None:
        return _before_the_first(home.csm)
    newest, locale = home.reports[0].key, request_locale()
    words = report_words(locale)
    return ExecutivePage(
        kicker=greet(),
        headline=sentences.headline(home.snapshot, words),
        lead=sentences.lead(home.snapshot, words),
        period=words.period(home.snapshot.period.first, home.snapshot.period.last),
        figures=figure_strip(home.snapshot, words),
        note=home.snapshot.note(locale),
        author=home.snapshot.author.name,
        read_url=url_for("reports.show", key=newest),
        pdf_url=url_for("reports.pdf", key=newest, locale=locale),
        reports=report_lines(home.reports[:MOST_REPORTS]),
        csm=contact_card(home.csm),
    )


def _before_the_first(csm: Contact | None) -> ExecutivePage:
    return ExecutivePage(
        kicker=greet(),
        headline=_("Your first value report is still to come."),
        lead=_(
            "After each quarter it says what %(vendor)s did for your company, with the source of "
            "every number. It then waits here.",
            vendor=vendor_view().name,
        ),
        period="",
        figures=[],
        note=None,
        author="",
        read_url="",
        pdf_url="",
        reports=[],
        csm=contact_card(csm),
    )
