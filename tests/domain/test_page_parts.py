"""Each type gives parts of its text a place of their own, and loses none of it."""

import re

import pytest

from portal.domain.markdown_text import render
from portal.domain.page_parts import Parts, parts_of, sections_of, share_left

CASE = """Opening.

## Process

- **May**. First.
- **June**. Then.

## Before and after

| Other | Table |
| --- | --- |
| a | b |

| Measure | Before | After |
| --- | --- | --- |
| Days | 12 | 5 |

Said by **somebody**.

## What both sides gained

- **They**: much.
- **We**: much.
"""


def whole(parts: Parts) -> str:
    told = [*([parts.answer] if parts.answer else []), *parts.sections]
    found = "".join(f"{one.heading}{one.html}" for one in told)
    return found + parts.before + parts.table + parts.after


def words(html: str) -> str:
    return re.sub(r"\s+|<[^>]*>", "", html)


def test_a_case_has_its_chart_s_place_its_way_and_its_sides() -> None:
    page = render(CASE)
    parts = parts_of(page.html, "customer-case", page.comparison)
    assert words(whole(parts)) == words(page.html)
    assert "Days" in parts.table
    assert "Other" in parts.before
    assert parts.after.startswith("<p>Said by <strong>somebody</strong>.</p>")
    assert '>Process</h2>\n<ul class="way">' in parts.before
    assert '<ul class="sides">' in parts.after


def test_a_question_has_its_answer_first() -> None:
    page = render("## In short\n\nYes.\n\n## Steps\n\n1. One.")
    parts = parts_of(page.html, "faq", [])
    assert parts.answer is not None
    assert (parts.answer.heading, parts.answer.html) == ("In short", "<p>Yes.</p>")
    assert parts.before.startswith('<h2 id="s-steps">Steps</h2>')
    # Any other first section stays where it is.
    other = render("## Steps\n\nOne.").html
    assert parts_of(other, "faq", []) == Parts(before=other)


def test_nothing_is_lost_where_the_answer_is_still_empty() -> None:
    page = render("## In short\n\n## Steps\n\nOpen it.\n\n## Steps for others\n\nAsk.")
    parts = parts_of(page.html, "faq", [])
    assert parts.answer is not None
    assert words(parts.before) == words(page.html.partition("</h2>")[2])
    assert "Open it." in parts.before


def test_news_are_told_by_section_in_every_language() -> None:
    page = render("Words before.\n\n## 新增\n\n一。\n\n## 修复\n\n- 二。", "zh-Hans")
    parts = parts_of(page.html, "release-note", [])
    assert [one.heading for one in parts.sections] == ["", "新增", "修复"]
    assert words(whole(parts)) == words(page.html)


def test_a_heading_inside_of_a_block_leaves_the_page_whole() -> None:
    page = render("## New\n\nOne.\n\n> ## Known\n>\n> Two.")
    assert sections_of(page.html) == ()
    for kind in ("faq", "release-note"):
        assert parts_of(page.html, kind, []) == Parts(before=page.html)


def test_other_types_are_left_as_they_are() -> None:
    page = render(CASE)
    assert parts_of(page.html, "guide", page.comparison) == Parts(before=page.html)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("12", "3", 0.25),
        ("41\u00a0h", "20.5 h", 0.5),
        ("3,2 Tage", "0,8 Tage", 0.25),
        ("1,150", "575", 0.5),
        ("212.000 €", "53.000 €", 0.25),
        ("10", "40", 4.0),
        ("19", "0", 0.0),
        ("+8", "2", 0.25),
        ("0", "3", None),
        ("−4", "2", None),
        ("4", "−2", None),
        ("many", "2", None),
        ("1.2.3", "2", None),
        ("", "", None),
    ],
)
def test_shares_are_reckoned_from_figures_in_words(
    before: str, after: str, share: float | None
) -> None:
    assert share_left(before, after) == share
