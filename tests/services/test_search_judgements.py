"""Judged answers: kept, measured again, and named where they got worse."""

from pathlib import Path

import pytest

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.domain.relevance import Verdict
from portal.search import Engine
from portal.services.content_files import load_content
from portal.services.search_index import FOLDER, reindex
from portal.services.search_judgements import (
    Opinion,
    QuestionCheck,
    accept_present,
    check_all,
    forget_question,
    judge,
    verdicts_on,
)
from tests.hub import fill, write_text, writing


@pytest.fixture
def engine(database: Database, tmp_path: Path) -> Engine:
    fill(database, tmp_path / "texts")
    made = Engine(tmp_path / FOLDER)
    with writing(database) as session:
        reindex(session, made)
    return made


ASKED = "penguin acme"


def say(
    database: Database, engine: Engine, slug: str, verdict: Verdict | None, question: str = ASKED
) -> None:
    with writing(database) as session:
        judge(session, engine, Opinion(question, "en", slug, verdict))


def checks(database: Database, engine: Engine) -> list[QuestionCheck]:
    with writing(database) as session:
        return list(check_all(session, engine))


def test_judgements_are_kept_and_measured(database: Database, engine: Engine) -> None:
    say(database, engine, "for-acme", Verdict.GOOD)
    say(database, engine, "for-globex", Verdict.BAD, "Penguin ACME?")
    (one,) = checks(database, engine)
    assert (one.question, one.locale, one.worse) == (ASKED, "en", False)
    assert [(text.slug, text.verdict) for text in one.texts] == [
        ("for-acme", Verdict.GOOD),
        ("for-globex", Verdict.BAD),
    ]
    assert one.texts[0].rank == 1
    assert one.now == one.baseline < 1
    with writing(database) as session:
        assert verdicts_on(session, ASKED, "en")["for-acme"] is Verdict.GOOD
        assert verdicts_on(session, ASKED, "zh-Hans") == {}


def test_what_is_taken_back_is_gone(database: Database, engine: Engine) -> None:
    say(database, engine, "for-acme", Verdict.GOOD)
    say(database, engine, "for-acme", Verdict.BAD)
    (one,) = checks(database, engine)
    assert [text.verdict for text in one.texts] == [Verdict.BAD]
    say(database, engine, "for-acme", None)
    assert checks(database, engine) == []


def test_a_worse_answer_is_named_until_it_is_accepted(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    say(database, engine, "for-acme", Verdict.GOOD)
    texts = tmp_path / "texts"
    write_text(texts, "other", "public", title="Penguin Acme", summary="Of Acme.")
    renamed = {"title": "Renamed", "summary": "X.", "body": "Y.\n"}
    write_text(texts, "for-acme", "{accounts: [acme]}", **renamed)
    with writing(database) as session:
        load_content(session, texts)
        reindex(session, engine)
    (one,) = checks(database, engine)
    assert one.worse
    assert one.now < one.baseline == 1.0
    with writing(database) as session:
        assert accept_present(session, engine) == 1
        assert accept_present(session, engine) == 0
    assert not checks(database, engine)[0].worse


def test_a_missing_text_counts_as_wanted(database: Database, engine: Engine) -> None:
    say(database, engine, "for-acme", Verdict.MISSING, "zebra")
    (one,) = checks(database, engine)
    assert (one.now, one.texts[0].rank) == (0.0, None)


def test_what_cannot_be_judged_is_refused(database: Database, engine: Engine) -> None:
    for slug, question in (("no-such-text", "a question"), ("for-acme", "?!"), ("for-acme", "")):
        with pytest.raises(Invalid):
            say(database, engine, slug, Verdict.GOOD, question)
    assert checks(database, engine) == []


def test_a_question_is_forgotten(database: Database, engine: Engine) -> None:
    say(database, engine, "for-acme", Verdict.GOOD)
    (one,) = checks(database, engine)
    with writing(database) as session:
        forget_question(session, one.key)
        with pytest.raises(NotFound):
            forget_question(session, one.key)
    assert checks(database, engine) == []
