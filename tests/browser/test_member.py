"""Members look for answers, in their language and from the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, expect_answer
from tests.browser.watch import Watch


def options(page: Page) -> list[str]:
    return page.get_by_role("option").all_inner_texts()


@pytest.mark.parametrize(
    ("who", "question", "answer"),
    [
        ("pia@oskelund.example", "approve while away", "Who may approve"),
        ("wu@heliox.example", "月结", "月"),
        ("lin@pellan.example", "簽核", "簽核"),
    ],
)
def test_answer_is_found_while_typing(
    open_page: Opens, who: str, question: str, answer: str
) -> None:
    page = open_page(who, "/knowledge")
    field = page.locator("main [data-find] input[type=search]")
    field.press_sequentially(question)
    expect_answer(page, question)
    first = page.get_by_role("option").first
    expect(first).to_contain_text(answer)
    expect(first.locator("mark").first).to_be_visible()
    title = first.locator("b").inner_text()
    field.press("Enter")
    page.wait_for_url(re.compile(r"/knowledge/[a-z-]+"))
    heading = page.get_by_role("heading", level=1)
    assert heading.inner_text().strip() in title


def test_arrows_choose_and_escape_closes(open_page: Opens) -> None:
    page = open_page("member", "/knowledge")
    page.keyboard.press("/")
    field = page.locator("main [data-find] input[type=search]")
    expect(field).to_be_focused()
    field.press_sequentially("approval")
    expect_answer(page, "approval")
    expect(field).to_have_attribute("aria-expanded", "true")
    chosen = page.locator('[role="option"][aria-selected="true"]')
    first = chosen.get_attribute("id")
    field.press("ArrowDown")
    second = chosen.get_attribute("id")
    assert second != first
    expect(field).to_have_attribute("aria-activedescendant", str(second))
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("approval")
    field.press("Escape")
    expect(field).to_have_value("")


def test_what_is_nowhere_is_said(open_page: Opens) -> None:
    page = open_page("member", "/knowledge")
    page.locator("main [data-find] input[type=search]").fill("zzzyxw")
    page.locator("main [data-find] input[type=search]").press("Enter")
    expect(page.locator("main")).to_contain_text("zzzyxw")
    expect(page.get_by_role("option")).to_have_count(0)


def test_pia_has_no_door_to_the_figures(open_page: Opens) -> None:
    page = open_page("member", "/")
    expect(page.get_by_role("navigation", name="Main").get_by_text("Adoption")).to_have_count(0)


def test_pia_is_told_that_a_page_is_not_hers(open_page: Opens, watch: Watch) -> None:
    watch.expected.add(403)
    page = open_page("member", "/adoption")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Go to your start page")).to_be_visible()
