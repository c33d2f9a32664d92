from portal.domain.text_sections import Pair, Part, beside, parts

TEXT = "Before.\n\n## One\n\nA.\n\n```\n## no heading\n```\n\n## Two\n\nB.\n"


def test_a_text_is_cut_at_its_headings_but_not_in_code() -> None:
    assert parts(TEXT) == [
        Part("", "Before."),
        Part("One", "A.\n\n```\n## no heading\n```"),
        Part("Two", "B."),
    ]
    assert parts("") == []
    assert parts("Only words.\n") == [Part("", "Only words.")]


def test_headings_meet_headings() -> None:
    assert beside("## One\n\nA.\n", "前言。\n\n## 一\n\n甲。\n\n## 二\n") == [
        Pair(None, Part("", "前言。")),
        Pair(Part("One", "A."), Part("一", "甲。")),
        Pair(None, Part("二", "")),
    ]
