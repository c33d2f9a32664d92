"""Mara writes, Ellen is asked and approves, Pia finds it by four wordings. Ingrid learns and
answers, once in her own words, which Mara marks; and whoever holds the certificate's number looks
it up: each page in three languages, at both widths.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.domain.quizzes import Kind
from portal.locales import LOCALES
from portal.models import CourseQuestion, KnowledgeItem
from portal.tenancy import system_scope
from tests.browser.conftest import PHONE, WIDE, Opens, email_of, expect_answer
from tests.browser.site import Site, now
from tests.browser.test_the_loop import read_languages
from tests.browser.watch import check_access, check_head, check_width

TITLE = "How do drivers get their travel expenses back?"
ANSWER = "Take a picture of each receipt.\n\nThe money comes with the next salary.\n"
# Its own words, misspelt, and of its text alone; and the language in which it does not stand.
WORDINGS = ("travel expenses of drivers", "travle expences drivers", "picture of a receipt")
IN_CHINESE = "司机怎么报销差旅费"
COURSE = "approvals-that-flow"
LEARNER, LEARNER_S_NAME = "champion", "Ingrid Dahle"
OWN_WORDS = "The second approval: it waits four days at the median."
WHO = ("csm", "editor", "pia", LEARNER)
FIRST = 3


@pytest.fixture
def english(site: Site) -> Iterator[None]:
    """Each acts in English, and looks in every language."""
    before = read_languages(site, dict.fromkeys(map(email_of, WHO), "en"))
    yield
    read_languages(site, before)


def look(page: Page, site: Site, who: str) -> None:
    for language in reversed(LOCALES):
        read_languages(site, {email_of(who): language})
        page.reload()
        check_head(page, language)
        for size in (PHONE, WIDE):
            check_width(page, size["width"])
    page.set_viewport_size(WIDE)  # type: ignore[arg-type] # it has width and height
    check_access(page)


def press(page: Page, words: str, *, sure: bool = False) -> None:
    """A button of a form; `sure`: the page asks once more."""
    button = page.get_by_role("button", name=words, exact=True).first
    if sure:
        button.click()
        button = page.get_by_role("dialog").get_by_role("button", name=words)
    with page.expect_navigation():
        button.click()


def go(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=words).first.click()


def write(page: Page, site: Site) -> str:
    """Asked of Ellen; the text's address in the newsroom."""
    page.goto("/knowledge/new")
    page.get_by_label("Type").select_option(label="FAQ")
    page.get_by_label("Title").fill(TITLE)
    press(page, "Begin to write")
    page.get_by_label("Summary").fill("With the receipts, by the next salary.")
    page.get_by_label("Audience").select_option(label="All customers")
    page.locator("details.pick > summary").click()
    page.get_by_label("Approval chains").check()
    page.get_by_label("Text in Markdown").fill(ANSWER)
    expect(page.locator("#preview")).to_contain_text("the next salary")
    press(page, "Save")
    expect(page.get_by_text("The text is saved.")).to_be_visible()
    look(page, site, "csm")
    go(page, "Review and publish")
    look(page, site, "csm")
    page.get_by_label("Who reviews it").select_option(label="Ellen Sørby")
    press(page, "Ask for review")
    expect(page.get_by_text("asked of Ellen Sørby")).to_be_visible()
    return page.url


def approve(page: Page, site: Site, place: str) -> None:
    """As she finds it among what she is asked."""
    page.goto("/editorial?shelf=mine")
    look(page, site, "editor")
    go(page, TITLE)
    assert page.url.partition("?")[0] == place.partition("?")[0]
    look(page, site, "editor")
    press(page, "Approve and publish", sure=True)
    expect(page.get_by_role("link", name="Read", exact=True)).to_be_visible()


def index(page: Page, site: Site) -> None:
    """The first question has the index built, or follow; the next ones are asked of it."""
    site.work()
    page.goto("/search?q=approval")
    with site.app.app_context():
        site.app.extensions["paceline.search"].finish()


def find(page: Page, words: str) -> None:
    """In the panel, from the keyboard: among the first, and open."""
    page.goto("/courses")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill(words)
    expect_answer(page, words)
    options = page.get_by_role("dialog").get_by_role("option")
    found = options.filter(has_text=TITLE).first
    expect(found).to_be_visible()
    titles = options.all_inner_texts()
    place = next(at for at, title in enumerate(titles) if TITLE in title)
    assert place < FIRST, titles
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    expect(found).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/knowledge/how-do-drivers"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def find_across(page: Page, words: str) -> None:
    """On the page, which asks for what is meant, too."""
    page.goto("/search")
    page.locator("main input[type=search]").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))
    first = page.locator(".hit-rows a.hitrow").all_inner_texts()[:FIRST]
    assert any(TITLE in title for title in first), first
    page.locator(".hit-rows a.hitrow").filter(has_text=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def learn(page: Page, site: Site) -> None:
    page.goto(f"/courses/{COURSE}")
    look(page, site, LEARNER)
    go(page, "Begin the course")
    look(page, site, LEARNER)
    for words in ("Done, next lesson", "Done, next lesson", "Done"):
        press(page, words)


def answer(page: Page, site: Site) -> None:
    """One of them wrong, so that it lies with the one in her own words."""
    page.goto(f"/courses/{COURSE}/quiz")
    press(page, "Begin")
    look(page, site, LEARNER)
    wrong = True
    for one in questions(site):
        name = f"q-{one.key}"
        if one.kind == Kind.ORDERING:
            for place, letter in enumerate(one.right, 1):
                page.locator(f"[name='{name}.{letter}']").select_option(str(place))
        elif one.kind == Kind.TEXT:
            page.locator(f"[name='{name}']").fill(OWN_WORDS)
        elif one.kind == Kind.SINGLE and wrong:
            page.locator(f"[name='{name}']:not([value='{one.right[0]}'])").first.check()
            wrong = False
        else:
            for letter in one.right:
                page.locator(f"[name='{name}'][value='{letter}']").check()
    press(page, "Hand in")
    look(page, site, LEARNER)
    expect(page.get_by_role("link", name="See your certificate")).to_have_count(0)


def mark(page: Page, site: Site) -> None:
    """By the success manager, as right."""
    page.goto("/quiz-answers")
    go(page, LEARNER_S_NAME)
    look(page, site, "csm")
    expect(page.locator("main")).to_contain_text(OWN_WORDS)
    page.get_by_label("right", exact=True).check()
    page.get_by_label("Words for the learner").fill("A figure, and a step.")
    press(page, "Decide")


def questions(site: Site) -> list[CourseQuestion]:
    with site.database.session(system_scope(now(), "test")) as session:
        wanted = select(CourseQuestion).join(
            KnowledgeItem, KnowledgeItem.id == CourseQuestion.course_id
        )
        return list(session.scalars(wanted.where(KnowledgeItem.slug == COURSE)))


def certificate(page: Page, site: Site) -> str:
    """Its number."""
    page.goto("/courses")
    look(page, site, LEARNER)
    page.goto(f"/courses/{COURSE}/quiz")
    go(page, "See your certificate")
    look(page, site, LEARNER)
    return page.url.rpartition("/")[2].partition("?")[0]


def verify(page: Page, language: str, number: str) -> None:
    """Nobody is signed in; the number is typed as it is read out."""
    page.goto("/certificates")
    page.locator("main input[name=code]").fill(number.lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(number))
    expect(page.locator("main")).to_contain_text(LEARNER_S_NAME)
    check_head(page, language)
    for size in (PHONE, WIDE):
        check_width(page, size["width"])
    check_access(page)


@pytest.mark.usefixtures("english")
def test_written_reviewed_found_learnt_and_verified(open_page: Opens, site: Site) -> None:
    mara, ellen, pia, ingrid = (open_page(one) for one in WHO)
    approve(ellen, site, write(mara, site))
    read_languages(site, dict.fromkeys(map(email_of, ("csm", "pia")), "en"))
    index(pia, site)
    for words in WORDINGS:
        find(pia, words)
    find_across(pia, IN_CHINESE)
    look(pia, site, "pia")
    learn(ingrid, site)
    answer(ingrid, site)
    mark(mara, site)
    number = certificate(ingrid, site)
    for language in LOCALES:
        verify(open_page(locale=language), language, number)
