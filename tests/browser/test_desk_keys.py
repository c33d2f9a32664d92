"""Paul works through his requests without the mouse."""

from playwright.sync_api import expect

from tests.browser.conftest import Opens


def test_paul_walks_moves_and_writes_by_keys_alone(open_page: Opens) -> None:
    page = open_page("product", "/triage")
    press = page.keyboard.press
    press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next column")
    press("Escape")
    press("j")
    first = page.locator("[data-card]:focus")
    expect(first).to_be_visible()
    title = first.inner_text()
    press("l")
    expect(page.locator("[data-card]:focus")).not_to_have_text(title)
    press("h")
    press("m")
    acts = page.get_by_role("dialog", name="This request")
    expect(acts).to_contain_text(title)
    expect(acts.get_by_label("State")).to_be_focused()
    press("Escape")
    expect(page.locator("[data-card]:focus")).to_have_text(title)
    with page.expect_navigation():
        press("Enter")
    for key, name in (("r", "message-body"), ("n", "note-body"), ("a", "assign-assignee")):
        press(key)
        box = page.locator(f"[name={name}]")
        expect(box).to_be_focused()
        press("Escape")
        expect(box).not_to_be_focused()
    press("r")
    page.keyboard.type("jkbm")
    expect(page.get_by_label("To the customer")).to_have_value("jkbm")
    press("Escape")
    press("m")
    expect(page.locator("button[name=to]").first).to_be_focused()
    here = page.url
    with page.expect_navigation():
        press("j")
    assert page.url != here
    with page.expect_navigation():
        press("k")
    assert page.url == here
    with page.expect_navigation():
        press("b")
    expect(page.locator("[data-board]")).to_be_visible()
