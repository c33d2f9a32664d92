"""Mara writes a practice with a picture; Lena writes in it too, both are kept; Ingrid reads it."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opens
from tests.browser.watch import Watch

DROP = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 120 });
  canvas.getContext("2d").fillRect(0, 0, 150, 120);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([blob], "x.png", { type: "image/png" }));
  const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector("#body").dispatchEvent(drop);
}"""
TITLE = "Count twice, cut once"


def begin(page: Page) -> str:
    page.get_by_label("Type").select_option(label="Best practice")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Begin to write").click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(TITLE)
    return page.url


def fill_in(page: Page) -> None:
    page.get_by_label("Summary").fill("Once is not enough.")
    page.get_by_label("Effect in numbers").fill("4 → 1 errors")
    page.get_by_label("Audience").select_option(label="All customers")
    page.locator("details.pick > summary").click()
    page.get_by_label("Approval chains").check()


def write(page: Page) -> None:
    """With the keyboard and the tools, after the words that are there."""
    text = page.get_by_label("Text in Markdown")
    text.press("Control+End")
    text.press_sequentially("It pays")
    text.press("Control+Shift+ArrowLeft")
    text.press("Control+b")
    page.get_by_role("button", name="Callout").click()
    expect(page.locator("#preview .callout.note")).to_contain_text("What the reader should notice")
    expect(page.locator("#preview strong")).to_have_text("pays")


def drop_picture(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Add an image")
    page.get_by_role("button", name="Image").click()
    dialog.get_by_role("button", name="Cancel").click()
    page.evaluate(DROP)
    dialog.get_by_role("button", name="Insert image").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose an image and say what it shows.")
    dialog.get_by_label("Words for those who cannot see it").fill("A black half")
    dialog.get_by_role("button", name="Insert image").click()
    picture = page.locator("#preview").get_by_role("img", name="A black half")
    expect(picture).to_have_attribute("width", "300")
    expect(picture).to_have_js_property("naturalWidth", 300)


def hold_the_pause_s_save(page: Page) -> list[Route]:
    """The saves that wait to be let through."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "x-autosave" in route.request.headers:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", hold)
    return held


def test_two_write_one_text_and_nothing_is_lost(open_page: Opens, watch: Watch) -> None:
    mara = open_page("csm", "/knowledge/new")
    address = begin(mara)
    fill_in(mara)
    write(mara)
    drop_picture(mara)
    expect(mara.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    expect(mara.locator("#preview .checks summary")).to_have_text(
        "Links, images and sections are all right"
    )

    lena = open_page("editor", address)
    expect(lena.get_by_text("may still be writing")).to_be_visible()
    text = lena.get_by_label("Text in Markdown")
    # Her own save at the pause is still under way when she saves: that is no conflict.
    held = hold_the_pause_s_save(lena)
    with lena.expect_request(lambda request: "x-autosave" in request.headers):
        text.fill(text.input_value().replace("It **pays**", "It **pays** at once."))
    expect(lena.locator("[data-saved]")).to_have_text("Not saved yet")
    lena.get_by_role("button", name="Save", exact=True).click()
    for route in held:
        route.continue_()
    expect(lena.get_by_text("The text is saved.")).to_be_visible()

    watch.expected.add(409)  # the second is told
    mine = mara.get_by_label("Text in Markdown")
    mine.fill(mine.input_value().replace("It **pays**", "It **pays** in the end."))
    notice = mara.locator("[data-conflict]")
    expect(notice).to_contain_text("has saved this text meanwhile")
    notice.get_by_role("button", name="Show what differs").click()
    expect(mara.locator("ins").last).to_be_visible()
    both = mara.get_by_label("Both in one")
    expect(both).to_have_value(re.compile(r"at once\.[\s\S]*in the end\."))
    mara.get_by_role("button", name="Save both in one").click()
    expect(mara.get_by_text("The text is saved.")).to_be_visible()

    lena.goto(address)
    lena.get_by_role("link", name="Review and publish").click()
    lena.get_by_role("button", name="Publish now").click()
    with lena.expect_navigation():
        lena.get_by_role("dialog").get_by_role("button", name="Publish now").click()

    ingrid = open_page("champion", "/knowledge/count-twice-cut-once")
    expect(ingrid.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(ingrid.get_by_text("at once.")).to_be_visible()
    expect(ingrid.get_by_text("in the end.")).to_be_visible()
    picture = ingrid.get_by_role("img", name="A black half")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 300)
