"""The words of a mail: portal/templates/mail/<message>/{subject.txt,body.txt,body.html}, in the
reader's language, the styles written into the elements as mail programs want them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from babel.dates import format_date, format_datetime, get_timezone
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.locales import babel_locale, translations

FOLDER = Path(__file__).parents[1] / "templates" / "mail"
LONGEST_SUBJECT = 300
# What each message needs. Moments are ISO 8601 with their offset, `link` is a whole address,
# `time_zone` is an IANA name, `account` and `name` may be empty.
_REQUEST = {
    *("name", "kind", "code", "title", "request_kind", "what", "state", "label", "who", "account"),
    *("text", "due", "at", "time_zone", "link", "choices", "unsubscribe"),
}
VALUES = {
    "invitation": {"name", "inviter", "account", "link", "expires_at", "time_zone"},
    "password_reset": {"name", "link", "minutes"},
    # `alerts`: account, rule, link; `tasks`: account, title, rule, overdue, link.
    "daily": {"name", "alerts", "tasks", "more", "link", "profile"},
    # `kind`: asked, sent-back, went-live, failed; `who` and `reason` may be empty.
    "knowledge_step": {"name", "kind", "title", "who", "reason", "link"},
    # `texts`: title, link.
    "knowledge_due": {"name", "overdue", "texts", "more", "link", "profile"},
    # `steps`: feature, unused, persons, title, minutes, link.
    "step": {"name", "steps", "link", "profile"},
    "search_question": {"name", "asker", "email", "account", "question", "note", "link"},
    # `kind`: asked, soon, late; `due_on` is a day as ISO 8601, or empty.
    "course_due": {"name", "course", "kind", "due_on", "link"},
    # `kind`: invited, uninvited, moved, cancelled, over; `starts_at` a moment; others may be empty.
    "training_session": {
        *("name", "kind", "title", "trainer", "starts_at", "time_zone", "place", "note", "link"),
    },
    "quiz_read": {"name", "course", "passed", "link"},
    # `kind`: of domain.notices; `state`, `label`, `who`, `account`, `text` and `due` may be empty.
    "request_told": _REQUEST,
    # `groups`: link, code, title and `events` (kind, what, state, … as above, without the name);
    # of a certificate `code` is empty, and its event has `until`, a day.
    "request_digest": {"name", "groups", "more", "link", "choices", "unsubscribe"},
    # `notes`: link, title, summary; `moves`: link, title, request_kind, state, label; `daily`: told
    # each day and not each week.
    "whats_new": {"name", "notes", "moves", "more", "daily", "link", "choices", "unsubscribe"},
    # `again`: a reminder.
    "request_asked": _REQUEST | {"again"},
    # `until` is a day as ISO 8601.
    "certificate_ends": {"name", "course", "until", "link", "choices", "unsubscribe"},
    "usage_flood": {"name", "account", "account_key", "link", "choices", "unsubscribe"},
    "password_changed": {"name", "link", "changed_at", "time_zone"},
}


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str
    html: str


def check_values(template: str, values: dict[str, Any]) -> None:
    """Raises ValueError: then the caller is wrong, and learns it before anything is queued."""
    if template not in VALUES:
        raise ValueError(f"there is no mail {template}")
    missing = VALUES[template] - set(values)
    if missing:
        raise ValueError(f"mail {template} lacks {', '.join(sorted(missing))}")


def render(template: str, locale: str, values: dict[str, Any], vendor: str) -> Words:
    check_values(template, values)
    words = _environment(locale)
    context = {**values, "vendor": vendor, "locale": locale}
    subject, text, html = (
        words.get_template(f"{template}/{file}").render(context)
        for file in ("subject.txt", "body.txt", "body.html")
    )
    return Words(
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=text.strip() + "\n",
        html=_inliner().inline(html),
    )


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = translations(locale)
    environment.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        catalogue.gettext, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext
    )

    def moment(value: str, time_zone: str) -> str:
        """2 March 2026, 12:00 CET"""
        written = format_datetime(
            datetime.fromisoformat(value),
            "y年M月d日 HH:mm z" if locale.startswith("zh") else "d MMMM y, HH:mm z",
            tzinfo=get_timezone(time_zone),
            locale=babel_locale(locale),
        )
        return str(written)

    def day(value: str) -> str:
        """2 March 2026"""
        pattern = "y年M月d日" if locale.startswith("zh") else "d MMMM y"
        written = format_date(date.fromisoformat(value), pattern, locale=babel_locale(locale))
        return str(written)

    environment.filters["moment"] = moment
    environment.filters["day"] = day
    return environment


@cache
def _inliner() -> Any:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
