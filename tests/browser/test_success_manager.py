"""Mara, Oskelund's success manager, writes a value report; Ingrid takes it with her."""

import re
from io import BytesIO

import pypdf
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.watch import Watch

WORDS = "Finance no longer chases approvals on Fridays.\n\nNext: scheduled reports."
CHINESE = "财务部不再在周五催办审批。\n\n下一步：定时报表。"


def test_mara_drafts_words_and_publishes(open_page: Opens) -> None:
    page = open_page("csm", "/reports")
    page.get_by_label("Account", exact=True).select_option(label="Oskelund Foods")
    page.get_by_label("From", exact=True).fill("2026-10-01")
    page.get_by_label("To, included").fill("2026-10-31")
    page.get_by_role("button", name="Draft report").click()
    expect(page.get_by_text("A draft: only your side sees it.")).to_be_visible()
    address = page.url
    page.get_by_role("link", name="Write your words").click()
    english, simplified, _traditional = page.locator("main textarea").all()
    english.fill(WORDS)
    simplified.fill(CHINESE)
    with page.expect_navigation():
        page.get_by_role("button", name="Keep these words").click()
    page.goto(address)
    expect(page.locator("blockquote p").first).to_have_text(WORDS.partition("\n")[0])
    page.get_by_role("button", name="Publish to Oskelund Foods").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("never change")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("A draft: only your side sees it.")).to_be_visible()
    page.get_by_role("button", name="Publish to Oskelund Foods").click()
    dialog.get_by_role("button", name="Publish to Oskelund Foods").click()
    expect(page.get_by_text("Published to Oskelund Foods on")).to_be_visible()

    ingrid = open_page("champion", address)
    expect(ingrid.locator("blockquote p").first).to_have_text(WORDS.partition("\n")[0])
    with ingrid.expect_download() as started:
        ingrid.get_by_role("link", name="PDF，简体中文").click()
    assert started.value.suggested_filename.endswith(".pdf")
    body = started.value.path().read_bytes()
    assert body.startswith(b"%PDF")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(body)).pages)
    assert "财务部不再在周五催办审批" in re.sub(r"\s", "", text)


def test_mara_is_told_what_is_wrong_with_her_dates(open_page: Opens, watch: Watch) -> None:
    page = open_page("csm", "/reports")
    page.get_by_label("From", exact=True).fill("2026-10-31")
    page.get_by_label("To, included").fill("2026-10-01")
    watch.expected.add(422)  # the answer to a form that cannot be accepted
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Draft report").click()
    assert answered.value.status == 422
    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-10-31")


def test_a_double_click_makes_one_task(open_page: Opens) -> None:
    page = open_page("csm", "/tasks/new")
    page.get_by_label("What is to be done").fill("Ask only once")
    page.get_by_role("button", name="Make task").dblclick()
    expect(page.get_by_role("heading", name="Ask only once")).to_be_visible()
    page.goto("/tasks")
    expect(page.get_by_role("link", name="Ask only once")).to_have_count(1)
