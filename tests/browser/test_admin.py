"""Ada, the administrator, gives machines their keys and takes them away."""

from playwright.sync_api import expect

from tests.browser.conftest import Opens


def test_ada_creates_copies_and_revokes_a_key(open_page: Opens) -> None:
    page = open_page("admin", "/admin/keys", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Name").fill("Browser test")
    page.get_by_role("button", name="Create key").click()
    secret = page.locator("#new-secret").inner_text()
    page.get_by_role("button", name="Copy the key").click()
    expect(page.locator("#toasts")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.goto("/admin/keys")
    expect(page.get_by_text(secret)).to_have_count(0)

    row = page.get_by_role("row", name="Browser test")
    row.get_by_role("button", name="Revoke").click()
    dialog = page.get_by_role("dialog", name="Revoke “Browser test”?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(row.get_by_role("button", name="Revoke")).to_be_focused()
    row.get_by_role("button", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked")
    expect(row.get_by_role("button")).to_have_count(0)
