"""Published value reports, offered to the search of those who may read them."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.domain.permissions import Permission
from portal.services.report_files import report_words
from portal.services.search_names import find_reports, words_of
from portal.web.locale import request_locale
from portal.web.search_sources import Asked, Finding, KindWords, Source, offer
from portal.web.searching import entry

WORDS = KindWords(_l("Value report"), _l("Value reports"), "report")


def _find(session: Session, asked: Asked) -> Finding:
    words = words_of(asked.text)
    total, rows = find_reports(session, asked.text, _("Value report"), asked.limit, asked.offset)
    period = report_words(request_locale()).period
    return Finding(
        total,
        [
            entry(
                words,
                _("Value report, %(period)s", period=period(row.first, row.last)),
                row.account,
                url_for("reports.show", key=row.key),
            )
            for row in rows
        ],
    )


offer(Source("report", WORDS, lambda scope: scope.allows(Permission.REPORT_READ), _find))
