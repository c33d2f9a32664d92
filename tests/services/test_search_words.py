"""Synonyms and stop words: kept, told to the index, in and out of files."""

import csv
import io

import pytest

from portal.db import Database
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.services.audience import reading
from portal.services.imports import ImportRefused
from portal.services.search_words import (
    COLUMNS,
    add_words,
    built_in_stop_words,
    export_words,
    import_words,
    list_words,
    remove_words,
    split_words,
    vocabulary,
)
from tests.hub import writing


def test_words_are_kept_and_the_change_number_rises(database: Database) -> None:
    with writing(database) as session:
        before = reading(session).change
        key = add_words(session, "synonym", "sign-off, approval，审批")
        add_words(session, "stop", "please")
        found = vocabulary(session)
        assert found.synonyms == (("sign-off", "approval", "审批"),)
        assert found.stop_words == {"please"}
        assert reading(session).change == before + 2
        gone = remove_words(session, key)
        assert gone.words == ("sign-off", "approval", "审批")
        assert vocabulary(session).synonyms == ()
        assert reading(session).change == before + 3
        with pytest.raises(NotFound):
            remove_words(session, key)


def test_the_same_group_in_other_order_or_spelling_stands_already(database: Database) -> None:
    with writing(database) as session:
        add_words(session, "synonym", "Sign-off, 審批")
        with pytest.raises(Conflict):
            add_words(session, "synonym", "审批; sign-off")


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("synonym", "alone", "few-words"),
        ("synonym", "same, SAME", "few-words"),
        ("synonym", ", ".join(f"word{n}" for n in range(13)), "few-words"),
        ("stop", "two, words", "one-word"),
        ("stop", "", "one-word"),
        ("stop", "x" * 61, "bad-words"),
        ("other", "a, b", "bad-kind"),
    ],
)
def test_what_is_wrong_is_said(database: Database, kind: str, words: str, code: str) -> None:
    with writing(database) as session, pytest.raises(Invalid) as wrong:
        add_words(session, kind, words)
    assert wrong.value.code == code


def test_words_are_split_where_either_language_does() -> None:
    assert split_words(" a b , c；d、 A B\n e,, ") == ("a b", "c", "d", "e")


def test_what_is_exported_is_imported_again(database: Database) -> None:
    with writing(database) as session:
        add_words(session, "synonym", "bill, invoice")
        add_words(session, "stop", "=please")
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(export_words(list_words(session)))
        content = ("\ufeff" + out.getvalue() + "synonym,cost; price\n").encode()
        assert import_words(session, content) == (1, 2)
        assert import_words(session, content) == (0, 3)
        assert len(list_words(session)) == 3


def test_wrong_rows_are_named_and_nothing_is_imported(database: Database) -> None:
    content = b"kind,words\nsynonym,good; fine\nsynonym,alone\nwhat,a; b\nstop\n"
    with writing(database) as session:
        with pytest.raises(ImportRefused) as refused:
            import_words(session, content)
        assert [(one.row, one.column) for one in refused.value.errors] == [
            (3, "words"),
            (4, "kind"),
            (5, "words"),
        ]
        assert list_words(session) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"words\na", b'kind,words\n"a'])
def test_any_file_is_answered(database: Database, content: bytes) -> None:
    with writing(database) as session, pytest.raises(ImportRefused):
        import_words(session, content)


def test_a_built_in_stop_word_is_lifted_and_comes_back(database: Database) -> None:
    with writing(database) as session:
        assert "us" in built_in_stop_words(session)["en"]
        assert "会" in built_in_stop_words(session)["zh"]
        key = add_words(session, "lift", "US")
        assert vocabulary(session).lifted == {"US"}
        assert "us" not in built_in_stop_words(session)["en"]
        with pytest.raises(Invalid) as refused:
            add_words(session, "lift", "penguin")
        assert refused.value.code == "not-built-in"
        remove_words(session, key)
        assert "us" in built_in_stop_words(session)["en"]
