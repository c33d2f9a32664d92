"""What the cast has asked and not found, and the words that an editor taught the search for it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.models import Account
from portal.services.search_questions import Note, keep_notes
from portal.services.search_words import STOP, SYNONYM, add_words
from portal.tenancy import system_scope

# Company, question, language, days ago, how often; whether anything was found.
ASKED: tuple[tuple[str, str, str, int, int, bool], ...] = (
    ("oskelund-foods", "sign with BankID", "en", 3, 4, False),
    ("heliox-labs", "sign with BankID", "en", 9, 1, False),
    ("oskelund-foods", "dark mode", "en", 12, 3, True),
    ("heliox-labs", "对接飞书", "zh-Hans", 2, 3, False),
    ("heliox-labs", "语音输入", "zh-Hans", 20, 1, False),
    ("pellan-retail", "LINE 通知", "zh-Hant", 5, 2, False),
    ("", "price list", "en", 1, 5, False),
)
WORDS = (
    (SYNONYM, "sign-off, approval, 签字, 簽核"),
    (SYNONYM, "holiday, leave, 休假"),
    (STOP, "kindly"),
)


def load_searches(database: Database, now: datetime) -> None:
    """Of those companies that are there, and of visitors."""
    scope = system_scope(now, "demo", actor="demo")
    with database.session(scope, writes=True) as session:
        accounts = dict(session.execute(select(Account.key, Account.id)).all())
        keep_notes(
            session,
            [
                Note(
                    day=now.date() - timedelta(days=days),
                    side="customer" if company else "visitor",
                    account_id=accounts.get(company),
                    locale=locale,
                    question=question,
                    found=found,
                )
                for company, question, locale, days, times, found in ASKED
                if not company or company in accounts
                for _ in range(times)
            ],
        )
        for kind, words in WORDS:
            add_words(session, kind, words)
