"""From a scene to "it works", in the browser and by mail: Ingrid tells it on her phone, product
shares it, Elif joins, Pia has told the same and is merged, Paul ships it with a release note. What
their mails lead to is clicked: Ingrid confirms, Elif says not yet, and it begins again for her.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from babel.support import Translations
from playwright.sync_api import Page, expect
from pydantic import SecretStr
from sqlalchemy import select, update

from portal.db import new_key
from portal.locales import babel_locale
from portal.models import Job, User
from portal.tenancy import system_scope
from portal.worker import Worker
from tests.browser.conftest import PHONE, WIDE, Opens, email_of
from tests.browser.site import Site, now
from tests.browser.watch import check_access, check_head, check_width
from tests.smtp import Post, smtp_server

WAY = ("clarifying", "planned", "in_development", "released")
PEOPLE = ("ingrid", "pia", "elif", "paul")
LINK = re.compile(r"http://127\.0\.0\.1:\d+/[\w./?=&%-]+")
# What must not reach the other account.
CLOSED, WHY = "Thank you. The loop is closed.", "It ends at midnight, our shift at six."
OF_OSKELUND, OF_QUILLON = ("Oskelund", "Ingrid", "Pia"), ("Quillon", "Elif", WHY)


@dataclass(frozen=True)
class Story:
    """In one language. `say` is what the portal says there for an English text."""

    language: str
    title: str
    shared: str
    site: Site
    post: Post
    say: Callable[[str], str]

    def look(self, page: Page, *, closely: bool = False) -> None:
        """On a phone and on a desk."""
        before = page.viewport_size
        check_head(page, self.language)
        for size in (PHONE, WIDE):
            check_width(page, size["width"])
        if closely and self.language == "en":
            check_access(page)
        page.set_viewport_size(before)  # type: ignore[arg-type] # every page here has one

    def press(self, page: Page, words: str, *, sure: bool = False) -> None:
        button = page.get_by_role("button", name=self.say(words), exact=True)
        button.first.click()
        if sure:
            page.get_by_role("dialog").get_by_role("button", name=self.say(words)).click()

    def mails(self, who: str = "") -> list[EmailMessage]:
        """Those that have come by now to somebody."""
        there = self.site.settings.model_copy(update={"smtp_url": SecretStr(self.post.url)})
        Worker(there, self.site.database, clock=now, timetable=()).drain()
        with self.site.database.session(system_scope(now(), "test")) as session:
            failed = session.execute(select(Job.name, Job.error).where(Job.error.is_not(None)))
            assert failed.all() == []
        return [one for one in self.post.accepted if one["To"] == email_of(who)]

    def digest(self) -> None:
        with self.site.database.session(system_scope(now(), "test"), writes=True) as session:
            named = {"name": "notices.digest", "payload": {}}
            session.add(Job(key=new_key(), due_at=now(), created_at=now(), **named))
            session.commit()


STORIES = {
    "en": ("A delegation should end by itself", "Delegation with an end date"),
    "zh-Hans": ("委托应当自动结束", "有结束日期的委托"),
}
# As whoever has said so reads it.
CONFIRMED = {"en": "Confirmed", "zh-Hans": "已确认可用"}


@pytest.fixture(params=STORIES)
def story(request: pytest.FixtureRequest, site: Site) -> Iterator[Story]:
    """The four read the portal, and their mails, in that language."""
    language = request.param
    words = Translations.load("portal/translations", [babel_locale(language)])
    site.work()  # what waits of others has gone before the post is looked at
    before = read_languages(site, dict.fromkeys(map(email_of, PEOPLE), language))
    with smtp_server() as post:
        yield Story(language, *STORIES[language], site, post, words.gettext)
    read_languages(site, before)


def read_languages(site: Site, wanted: dict[str, str | None]) -> dict[str, str | None]:
    """Each from now on in theirs; before it was in these."""
    with site.database.session(system_scope(now(), "test"), writes=True) as session:
        rows = session.execute(select(User.email, User.locale).where(User.email.in_(wanted)))
        before = {row.email: row.locale for row in rows}
        for email, locale in wanted.items():
            session.execute(update(User).where(User.email == email).values(locale=locale))
        session.commit()
    return before


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def tell(page: Page, story: Story) -> str:
    """The address of the request."""
    page.goto("/requests/new/need")
    page.get_by_label(story.say("In one line")).fill(story.title)
    for label in ("Who needs it?", "When does it come up?", "What result do they want?"):
        page.get_by_label(story.say(label)).fill(f"{story.title}.")
    story.look(page)
    story.press(page, "Hand it in")
    expect(page.get_by_role("heading", level=1)).to_have_text(story.title)
    story.look(page)
    return page.url.partition("?")[0]


def key_of(address: str) -> str:
    return address.rpartition("/")[2]


def share(page: Page, story: Story, key: str) -> str:
    """In product's words, for all customers; its address at the vendor."""
    page.goto(f"/triage/shared/new?from={key}")
    for code in STORIES:
        page.locator(f"[name$='title_{code}']").fill(STORIES[code][1])
    story.look(page)
    story.press(page, "Keep it")
    expect(page.get_by_role("heading", level=1)).to_have_text(story.shared)
    story.press(page, "Publish", sure=True)
    expect(page.get_by_role("button", name=story.say("Hide")).first).to_be_visible()
    story.look(page)
    return page.url


def join(page: Page, story: Story) -> None:
    page.goto("/requests/new/need")
    page.get_by_label(story.say("In one line")).fill(story.shared)
    found = page.locator("#similar details").filter(has_text=story.shared)
    found.locator("summary").first.click()
    story.look(page)
    with page.expect_response("**/requests/joining"):
        found.get_by_role("button", name=story.say("This is mine too")).click()
    page.goto("/requests")
    page.get_by_role("link", name=story.shared).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(story.shared)
    story.look(page)


def merge(page: Page, story: Story, key: str, into: str) -> None:
    """As product finds the other by its words, looks at both, and merges them."""
    page.goto(f"/triage/{key}/merge?q={story.title}")
    story.look(page)
    page.goto(f"/triage/{key}/merge?other={into}")
    expect(page.locator(".halves section")).to_have_count(2)
    story.look(page, closely=True)
    story.press(page, "Merge them")
    page.goto(f"/triage/{key}")
    story.look(page)


def ship(page: Page, story: Story, place: str) -> str:
    """Step by step; the title of the release note that tells of it."""
    told = ""
    for state in WAY:
        page.goto(place)
        page.get_by_label(story.say("Take it to")).select_option(state)
        if state == "released":
            note = page.get_by_label(story.say("Release note"))
            note.select_option(index=1)
            told = note.locator("option:checked").inner_text()
            story.look(page)
        story.press(page, "Move", sure=True)
        expect(page.get_by_label(story.say("Take it to"))).not_to_have_value(state)
    return told


def check_mail(story: Story, mail: EmailMessage, page: Page, others: tuple[str, ...]) -> None:
    """In the reader's language, in both forms, of nobody else; all that it leads to is there."""
    text, html = body_of(mail), mail.get_body(("html",))
    assert mail["Content-Language"] == story.language
    assert mail["Message-ID"]
    assert html is not None
    assert [one for one in others if one in f"{mail['Subject']} {text} {html.get_content()}"] == []
    links = LINK.findall(text)
    assert links
    assert {link: page.request.get(link).status for link in links} == dict.fromkeys(links, 200)


def asked(story: Story, who: str) -> str:
    """The address in the mail by which somebody says whether it works."""
    links = [one for mail in story.mails(who) for one in LINK.findall(body_of(mail))]
    (found,) = {one for one in links if "/confirm/" in one}
    return str(found)


def answer_by_mail(page: Page, story: Story) -> None:
    """By the links in two mails, with nobody signed in."""
    heading = page.get_by_role("heading", level=1)
    page.goto(asked(story, "ingrid"))
    story.look(page, closely=True)
    story.press(page, "It works for us")
    expect(heading).to_have_text(story.say(CLOSED))
    page.goto(asked(story, "elif"))
    page.get_by_label(story.say("Not yet? Say what is missing")).fill(WHY)
    story.press(page, "Not yet, it goes on")
    expect(heading).to_have_text(story.say("We are on it again."))
    story.look(page)


def test_one_confirms_and_one_begins_again(open_page: Opens, story: Story) -> None:
    ingrid, paul = open_page("ingrid", viewport=PHONE), open_page("paul")
    elif_, pia = open_page("elif"), open_page("pia", viewport=PHONE)
    told = tell(ingrid, story)
    shared = share(paul, story, key_of(told))
    join(elif_, story)
    joined = elif_.url
    same = tell(pia, story)
    merge(paul, story, key_of(same), key_of(told))
    pia.goto(same)
    story.look(pia)
    note = ship(paul, story, shared)
    answer_by_mail(open_page(locale=story.language), story)

    story.digest()
    for page, who, others in (
        (ingrid, "ingrid", OF_QUILLON),
        (pia, "pia", OF_QUILLON),
        (elif_, "elif", OF_OSKELUND),
        (paul, "paul", ()),
    ):
        mails = story.mails(who)
        # Paul's one mail of the day may have come in the other language already.
        assert mails or who == "paul"
        for mail in mails:
            check_mail(story, mail, page, others)

    ingrid.goto(told)
    story.look(ingrid)
    expect(ingrid.locator("main")).to_contain_text(CONFIRMED[story.language])
    expect(ingrid.locator("main")).not_to_contain_text(WHY)
    elif_.goto(joined)
    story.look(elif_)
    expect(elif_.locator("main")).to_contain_text(story.say("Reopened"))
    expect(elif_.locator("main")).to_contain_text(WHY)
    expect(elif_.locator("main")).not_to_contain_text("Ingrid")
    elif_.goto("/whats-new")
    story.look(elif_)
    expect(elif_.locator("main")).to_contain_text(note)
    paul.goto(f"/triage/{key_of(joined)}")
    story.look(paul)
    expect(paul.locator("main")).to_contain_text(WHY)
