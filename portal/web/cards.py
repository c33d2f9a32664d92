"""Reports and people as cards and list rows show them, on both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from portal.services.contacts import Contact
from portal.services.value_reports import ReportRow
from portal.web.context import initials
from portal.web.formats import day_year
from portal.web.prose import called, joined, period


@dataclass(frozen=True, slots=True)
class ReportLine:
    title: str
    url: str
    words: str
    draft: bool


@dataclass(frozen=True, slots=True)
class ContactCard:
    """`called` is the name in "Write to Mara"."""

    name: str
    initials: str
    called: str
    url: str


def report_lines(reports: Iterable[ReportRow], *, with_account: bool = False) -> list[ReportLine]:
    return [_report_line(one, with_account=with_account) for one in reports]


def _report_line(report: ReportRow, *, with_account: bool) -> ReportLine:
    when = period(report.first, report.last)
    title = (
        _("%(account)s, %(period)s", account=report.account_name, period=when)
        if with_account
        else when
    )
    url = url_for("reports.show", key=report.key)
    if report.published_at is None:
        return ReportLine(title, url, _("A draft: only our side sees it."), draft=True)
    said = _("Published on %(day)s.", day=day_year(local_day(report)))
    version = _("Version %(n)s.", n=report.version) if report.version > 1 else ""
    return ReportLine(title, url, joined(said, version), draft=False)


def local_day(report: ReportRow) -> date:
    """When it was published, in the account's zone; of a draft, when it was last written on."""
    moment = report.published_at or report.updated_at
    return moment.astimezone(ZoneInfo(report.time_zone)).date()


def contact_card(contact: Contact | None) -> ContactCard | None:
    if contact is None:
        return None
    return ContactCard(
        name=contact.name,
        initials=initials(contact.name),
        called=called(contact.name),
        url=f"mailto:{contact.email}",
    )
