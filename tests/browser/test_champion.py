"""Ingrid, Oskelund's champion, reads how her company works with the product."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Opens


def test_ingrid_changes_the_window(open_page: Opens) -> None:
    page = open_page("champion", "/")
    page.get_by_role("link", name="Adoption").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in the last 30 days")
    window = page.get_by_role("group", name="Window")
    window.get_by_role("link", name="90 days").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in the last 90 days")
    expect(window.get_by_role("link", name="90 days")).to_have_attribute("aria-current", "true")


def test_ingrid_picks_dates(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    page.get_by_role("button", name="Dates").click()
    start, end = page.get_by_label("From", exact=True), page.get_by_label("To", exact=True)
    expect(start).to_be_visible()
    end.fill("2026-10-10")
    start.fill("2026-10-20")
    # The end goes along, so that the two stay in order.
    expect(end).to_have_value("2026-10-20")
    start.fill("2026-10-01")
    page.get_by_role("button", name="Show these dates").click()
    expect(page).to_have_url(re.compile("from=2026-10-01&to=2026-10-20"))
    said = re.compile(r"1\sOctober.+20\sOctober")
    expect(page.get_by_role("heading", level=1)).to_contain_text(said)


def test_ingrid_asks_what_a_figure_means(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    asks = page.get_by_role("button", name="What is “Stickiness”?")
    said = page.locator(f"#{asks.get_attribute('popovertarget')}")
    expect(said).to_be_hidden()
    asks.click()
    expect(said).to_be_visible()
    expect(said).to_contain_text("Stickiness")
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    expect(asks).to_be_focused()


def test_ingrid_reads_a_chart_as_a_table(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    twin = page.locator("details.twin").first
    expect(twin.locator("table")).to_be_hidden()
    twin.locator("summary").click()
    expect(twin.locator("table")).to_be_visible()
    assert twin.locator("tbody tr").count() >= 2


def test_ingrid_sees_what_to_do_next_beside_what_is_unused(open_page: Opens) -> None:
    page = open_page("champion", "/adoption")
    steps = page.get_by_role("region", name="What to do next")
    steps.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/(knowledge|courses)/"))


def column(page: Page, head: str) -> list[str]:
    cells = page.locator(f'table td[data-label="{head}"]')
    return [text.strip() for text in cells.all_inner_texts()]


def test_ingrid_sorts_people(open_page: Opens) -> None:
    page = open_page("champion", "/adoption/people")
    head = page.get_by_role("columnheader", name="Active days")
    expect(head).to_have_attribute("aria-sort", "descending")
    falling = [int(days) for days in column(page, "Active days")]
    assert falling == sorted(falling, reverse=True)
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.wait_for_load_state()
    rising = [int(days) for days in column(page, "Active days")]
    assert rising == sorted(rising)
    assert rising[0] < falling[0]


def test_ingrid_finds_a_team(open_page: Opens) -> None:
    page = open_page("champion", "/adoption/people")
    page.get_by_label("Name, mail or team").fill("Quality")
    with page.expect_navigation():
        page.get_by_role("button", name="Find").click()
    assert set(column(page, "Team")) == {"Quality"}
    page.get_by_label("Name, mail or team").fill("nobody of that name")
    page.get_by_label("Name, mail or team").press("Enter")
    expect(page.get_by_text("Nobody fits")).to_be_visible()


def test_ingrid_takes_the_days_with_her(open_page: Opens, tmp_path: Path) -> None:
    page = open_page("champion", "/adoption")
    with page.expect_download() as started:
        page.get_by_role("link", name="Days, CSV").click()
    file = tmp_path / "days.csv"
    started.value.save_as(file)
    assert started.value.suggested_filename.startswith("oskelund-foods-days-")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 30
    assert rows[-1]["day"] == "2026-11-20"
    assert int(rows[-1]["dau"]) > 0


def test_ingrid_reads_on_the_way_home(open_page: Opens) -> None:
    """The bottom bar has her places, and the rest stands in the menu behind her initials."""
    page = open_page("champion", "/", viewport=PHONE)
    page.get_by_role("navigation", name="Main, phone").get_by_text("Adoption").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("people worked in")
    page.locator("summary", has_text="ID").click()
    page.get_by_role("link", name="Your profile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your profile")


def test_the_tab_that_is_shown_is_in_sight_on_a_phone(open_page: Opens) -> None:
    page = open_page("champion", "/adoption/integrations", viewport=PHONE)
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.9)
