import pytest

from portal.domain.search_gaps import Asked, GapKind, gap_kind, question_key, tidy_question


@pytest.mark.parametrize(
    ("asked", "empty", "opened", "kind"),
    [
        (1, 1, 0, GapKind.NOTHING),
        (9, 1, 8, GapKind.NOTHING),
        (2, 0, 0, None),
        (3, 0, 0, GapKind.UNOPENED),
        (3, 0, 1, None),
        (4, 0, 1, GapKind.UNOPENED),
        (30, 0, 9, GapKind.UNOPENED),
        (30, 0, 10, None),
        (0, 0, 0, None),
    ],
)
def test_a_question_is_a_gap_by_one_rule(
    asked: int, empty: int, opened: int, kind: GapKind | None
) -> None:
    assert gap_kind(Asked(asked, empty, opened)) is kind


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  How do\tI  export? ", "How do I export?"),
        ("mail ingrid@oskelund.example the report", "mail … the report"),
        ("call +47 22 33 44 55 now", "call … now"),
        ("error 40312 in FM-2040B", "error 40312 in FM-2040B"),
        ("a\u202eb\u0000c\u200bd", "a b c d"),
        ("审批\u2066流程", "审批 流程"),
        ("x" * 500, "x" * 200),
        ("\ud800", ""),
    ],
)
def test_what_is_kept_is_one_line_that_names_nobody(typed: str, kept: str) -> None:
    assert tidy_question(typed) == kept


def test_the_last_punctuation_makes_no_other_question() -> None:
    assert question_key("怎么导出？") == question_key("怎么导出") == "怎么导出"
    assert question_key("export?!") == "export"
    assert question_key("...") == ""
