"""From a scene to "it works": Ingrid tells it on her phone, Elif joins, Paul ships, both answer."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Opens

TITLE = "A delegation should end by itself"
WAY = ("Clarifying", "Planned", "In development", "Released")


def tell(page: Page) -> str:
    """On the phone; the address of the request."""
    page.get_by_role("link", name="Tell us something").first.click()
    page.get_by_role("link", name=re.compile("We need something")).click()
    page.get_by_label("In one line").fill(TITLE)
    page.get_by_label("Who needs it?").fill("Our two shift leaders")
    page.get_by_label("When does it come up?").fill("One of them is on leave")
    page.get_by_label("What result do they want?").fill("It ends when the other is back")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return page.url.partition("?")[0]


def share(page: Page, key: str) -> str:
    """In product's words, for all customers; its address at the vendor."""
    page.goto(f"/triage/shared/new?from={key}")
    page.get_by_label("Title").first.fill("Delegation with an end date")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delegation with an end date")
    page.get_by_role("button", name="Publish").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Hide").first).to_be_visible()
    return page.url


def join(page: Page) -> None:
    page.get_by_label("In one line").fill("Delegation with an end date")
    found = page.locator("#similar details").filter(has_text="Delegation with an end date")
    found.locator("summary").click()
    found.get_by_role("button", name="This is mine too").click()
    page.locator("#similar").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delegation with an end date")


def ship(page: Page, place: str) -> None:
    for state in WAY:
        page.goto(place)
        page.get_by_label("Take it to").select_option(label=state)
        page.get_by_role("button", name="Move", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Move").click()
        expect(page.locator(".strip, .facts").first).to_contain_text(state)


def test_one_confirms_and_one_begins_again(open_page: Opens) -> None:
    ingrid = open_page("ingrid", "/requests", viewport=PHONE)
    told = tell(ingrid)
    paul = open_page("paul")
    shared = share(paul, told.rpartition("/")[2])
    elif_ = open_page("elif", "/requests/new/need")
    join(elif_)
    ship(paul, shared)

    ingrid.goto(told)
    ingrid.get_by_role("button", name="Yes, it works").click()
    expect(ingrid.locator("main")).to_contain_text("Confirmed")
    elif_.reload()
    elif_.get_by_text("Not yet").first.click()
    elif_.get_by_label("What does not work yet").fill("It ends at midnight, our shift at six.")
    elif_.get_by_role("button", name="Reopen it").click()
    expect(elif_.locator("main")).to_contain_text("Reopened")
    expect(elif_.locator("main")).not_to_contain_text("Ingrid")
    ingrid.reload()
    expect(ingrid.locator("main")).not_to_contain_text("Reopened")
    expect(ingrid.locator("main")).not_to_contain_text("our shift at six")
