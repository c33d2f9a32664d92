"""The search panel on any page, from the keyboard and for a screen reader."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opens, expect_answer


def test_the_panel_is_a_combobox_on_every_page(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    fetched: list[str] = []
    page.on("request", lambda request: note(fetched, request))
    page.reload(wait_until="networkidle")
    assert not any("find.js" in url for url in fetched)

    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    page.keyboard.type("month end aprovals", delay=20)
    expect_answer(page, "month end aprovals")
    options = page.get_by_role("dialog", name="Search").get_by_role("option")
    expect(options.first).to_contain_text("Month-end approvals")
    is_a_listbox(page)

    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(page.locator("dialog [data-find-said]")).to_contain_text("results.")

    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("month end aprovals")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("Control+k")
    expect(field).to_have_value("")
    page.keyboard.type("adop")
    expect(options.first).to_contain_text("Adoption")
    field.fill("zzqxv")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing found")
    expect(page.get_by_role("dialog").get_by_role("link", name="Ask us")).to_be_visible()
    field.fill("month-end approvals")
    expect_answer(page, "month-end approvals")
    expect(options.first).to_contain_text("Month-end approvals")
    with page.expect_request("**/search/outcomes") as told:
        page.keyboard.press("Enter")
    assert told.value.method == "POST"
    page.wait_for_url(re.compile(r"/knowledge/month-end-approvals"))


def note(fetched: list[str], request: Request) -> None:
    fetched.append(request.url)


def is_a_listbox(page: Page) -> None:
    """As the pattern asks: named, pointed to, one option active, which is no stop of Tab."""
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    box = page.get_by_role("listbox", name="Results")
    assert field.get_attribute("aria-controls") == box.get_attribute("id")
    active = page.locator('[role="option"][aria-selected="true"]')
    expect(active).to_have_count(1)
    expect(active).to_have_attribute("id", field.get_attribute("aria-activedescendant") or "")
    expect(active).to_have_attribute("tabindex", "-1")
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("All"))).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
