"""Coming in and going out: sign-in, invitation, new password, language and theme."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, sign_in
from tests.browser.site import Site
from tests.browser.watch import Watch

LINK = re.compile(r"https?://\S+/(?:invitations|password-reset)/\S+")
PASSWORD = "seven grey geese at dawn"


def newest_link(admin: Page, subject: str) -> str:
    """What the kept mail of that subject leads to, as the admin reads it."""
    admin.goto("/admin/mails")
    admin.get_by_role("link", name=subject).first.click()
    found = LINK.search(admin.locator(".mail-text").inner_text())
    assert found, admin.url
    return found.group()


def test_wrong_password_is_refused_in_a_word(open_page: Opens, watch: Watch) -> None:
    watch.expected.update({401, 422})
    page = open_page()
    sign_in(page, "pia@oskelund.example", "not the password at all")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Work mail")).to_have_value("pia@oskelund.example")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/adoption")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_sign_in_leads_to_the_page_asked_for_and_out_again(open_page: Opens, site: Site) -> None:
    page = open_page(path="/adoption")
    page.get_by_label("Work mail").fill("elif@quillon.example")
    page.get_by_label("Password").fill("walk-the-pace-line")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{site.address}/adoption")
    page.locator("summary", has_text="EM").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto("/adoption")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_ingrid_invites_and_the_invited_comes_in(open_page: Opens, site: Site) -> None:
    ingrid = open_page("champion", "/people")
    form = ingrid.locator("main form").first
    form.get_by_label("mail").first.fill("noor@oskelund.example")
    form.locator('[name="name"]').fill("Noor Falk")
    form.get_by_role("button", name="Send invitation").click()
    expect(ingrid.get_by_role("row", name="Noor Falk")).to_contain_text("open until")
    site.work()

    admin = open_page("admin")
    noor = open_page(path=newest_link(admin, "Ingrid Dahle invites you"))
    noor.locator('[name="password"]').fill(PASSWORD)
    noor.get_by_role("button", name="Save and enter").click()
    noor.wait_for_url(f"{site.address}/")
    expect(noor.locator("header")).to_contain_text("Oskelund Foods")
    ingrid.reload()
    expect(ingrid.get_by_role("row", name="Noor Falk").first).to_contain_text("accepted")


def test_henrik_sets_a_new_password(open_page: Opens, site: Site) -> None:
    henrik = open_page(path="/sign-in")
    henrik.get_by_role("link", name="Forgotten?").click()
    henrik.get_by_label("Work mail").fill("henrik@oskelund.example")
    henrik.get_by_role("button", name="Send me a link").click()
    expect(henrik.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    site.work()

    henrik.goto(newest_link(open_page("admin"), "Set a new password"))
    henrik.locator('[name="password"]').fill(PASSWORD)
    with henrik.expect_navigation():
        henrik.get_by_role("button", name="Save password").click()
    fresh = open_page()
    sign_in(fresh, "henrik@oskelund.example", PASSWORD)
    expect(fresh.locator("header")).to_contain_text("Oskelund Foods")


def test_language_and_theme_stay_as_chosen(open_page: Opens) -> None:
    page = open_page("elif@quillon.example", "/adoption?days=90")
    page.locator('summary[aria-label="Language and theme"]').click()
    with page.expect_navigation():
        page.get_by_role("link", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert "days=90" in page.url
    page.locator("header details summary").first.click()
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.goto("/knowledge")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", ground)[:3]) < 150
    page.goto("/knowledge?locale=en&theme=auto")


def test_menu_closes_by_escape_and_gives_focus_back(open_page: Opens) -> None:
    page = open_page("champion", "/")
    menu = page.locator("details[data-menu]").first
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_skip_link_leads_to_the_content(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
