"""Whoever lets no script run can sign in and read."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens, sign_in


def test_reading_needs_no_script(open_page: Opens) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, "elif@quillon.example")
    page.get_by_role("link", name="Adoption").first.click()
    expect(page.locator("figure.chart svg").first).to_be_visible()
    twin = page.locator("details.twin").first
    twin.locator("summary").click()
    expect(twin.locator("table")).to_be_visible()
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()

    page.get_by_role("link", name="Knowledge").first.click()
    page.locator('main input[type="search"]').fill("approval")
    page.locator('main input[type="search"]').press("Enter")
    page.locator('main a[href^="/knowledge/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_report_needs_no_script(open_page: Opens) -> None:
    page = open_page("champion", "/reports", java_script_enabled=False)
    page.locator("table tbody a").last.click()
    expect(page).to_have_url(re.compile("/reports/"))
    expect(page.locator("article.report svg").first).to_be_visible()
    expect(page.get_by_role("link", name="PDF, English")).to_be_visible()
