"""The newsroom in pages: who writes, who reviews, what is refused and what is brought back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.demo.cast import LOGINS
from portal.domain.permissions import Role
from portal.models import AuditEntry, Job, KnowledgeItem, KnowledgeWork, User
from portal.services.external_links import ASK, claim_address, note_answer
from portal.services.knowledge_drafts import DraftInput, open_draft, save_draft, start_item
from portal.services.knowledge_link_check import check_links
from portal.services.knowledge_workflow import publish_now
from portal.services.outgoing import Answer
from portal.tenancy import Scope, system_scope
from tests.apps import Door
from tests.newsroom import PRACTICE
from tests.world import MARA, NOW, PIA

ELLEN = next(login.email for login in LOGINS if login.role == Role.EDITOR.value)
SLUG = "two-levels"
TEXT = f"/editorial/texts/{SLUG}"
TITLE = str(PRACTICE["title"])
BODY = "## Method\n\nDo it.\n"


@pytest.fixture(autouse=True)
def _text(door: Door) -> None:
    with writer(door) as session:
        start_item(session, "best-practice", SLUG, "en", PRACTICE, BODY)


def writer(door: Door, who: str = MARA, role: Role = Role.CSM) -> Any:
    user_id = door.world.users[who][0]
    scope = Scope(user_id=user_id, role=role, accounts=frozenset(), now=NOW, actor=who)
    return door.world.database.session(scope, writes=True)


def live(door: Door) -> None:
    with writer(door, ELLEN, Role.EDITOR) as session:
        publish_now(session, SLUG)


def state(door: Door) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        row = session.execute(
            select(KnowledgeItem.state, KnowledgeWork.state)
            .outerjoin(KnowledgeWork)
            .where(KnowledgeItem.slug == SLUG)
        ).one()
    return f"{row[0]} {row[1] or '-'}"


def ellen_key(door: Door) -> str:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalars(select(User.key).where(User.email == ELLEN)).one()


def test_a_csm_asks_and_an_editor_approves(door: Door) -> None:
    client = door.sign_in(MARA)
    assert "Ask for review" in client.get(TEXT).text
    answer = client.post(f"{TEXT}/review", data={"reviewer": ellen_key(door), "language": "en"})
    assert (answer.status_code, state(door)) == (302, "draft review")
    client = door.sign_in(ELLEN)
    assert TITLE in client.get("/editorial?shelf=mine").text
    assert "Approve and publish" in client.get(TEXT).text
    assert client.post(f"{TEXT}/steps/approve").status_code == 302
    assert state(door) == "published -"
    assert TITLE in door.sign_in(PIA).get(f"/knowledge/{SLUG}").text


def test_nobody_approves_what_they_have_not_seen(door: Door) -> None:
    door.sign_in(MARA).post(f"{TEXT}/review", data={"reviewer": ellen_key(door)})
    client = door.sign_in(ELLEN)
    found = re.search(r'steps/approve\?seen=(\w+)"', client.get(TEXT).text)
    assert found is not None
    with writer(door, ELLEN, Role.EDITOR) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({}, "Otherwise.\n"), token)
    answer = client.post(f"{TEXT}/steps/approve?seen={found[1]}")
    assert (answer.status_code, state(door)) == (409, "draft review")
    assert "since you read it" in answer.text


def test_it_is_sent_back_with_a_reason_that_the_writer_reads(door: Door) -> None:
    door.sign_in(MARA).post(f"{TEXT}/review", data={"reviewer": ellen_key(door)})
    client = door.sign_in(ELLEN)
    refused = client.post(f"{TEXT}/return", data={"reason": " "})
    assert (refused.status_code, state(door)) == (422, "draft review")
    client.post(f"{TEXT}/return", data={"reason": "Which customer?"})
    assert "Which customer?" in door.sign_in(MARA).get(TEXT).text


def test_what_is_missing_is_named_in_the_reader_s_words(door: Door) -> None:
    with writer(door) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({"summary": "", "effect": ""}, BODY), token)
    client = door.sign_in(MARA)
    answer = client.post(f"{TEXT}/review", data={"reviewer": ellen_key(door)})
    assert answer.status_code == 422
    assert "English: “Summary” is missing or not right." in answer.text
    assert "English: “Effect in numbers” is missing or not right." in answer.text


@pytest.mark.parametrize(
    "step", ["steps/publish", "steps/approve", "steps/unschedule", "schedule", "return"]
)
def test_a_csm_does_not_publish(door: Door, step: str) -> None:
    answer = door.sign_in(MARA).post(f"{TEXT}/{step}", data={"at": "2099-01-01T08:00"})
    assert answer.status_code == 403
    assert state(door) == "draft draft"


def test_a_moment_is_told_on_the_clock_of_the_editor(door: Door) -> None:
    client = door.sign_in(ELLEN)
    for wrong in ("", "soon", "2001-01-01T08:00"):
        assert client.post(f"{TEXT}/schedule", data={"at": wrong}).status_code == 422
    day = (NOW + timedelta(days=400)).date()
    assert client.post(f"{TEXT}/schedule", data={"at": f"{day}T08:00"}).status_code == 302
    assert "08:00" in client.get(TEXT).text
    client.post(f"{TEXT}/steps/unschedule")
    assert state(door) == "draft draft"


def test_archiving_is_undone(door: Door) -> None:
    live(door)
    client = door.sign_in(ELLEN)
    client.post(f"{TEXT}/archive")
    page = client.get(TEXT).text
    assert f"{TEXT}/steps/bring-back" in page
    assert state(door) == "archived -"
    client.post(f"{TEXT}/steps/bring-back")
    assert state(door) == "published -"


def test_revisions_are_compared_and_restored(door: Door) -> None:
    live(door)
    with writer(door) as session:
        token = open_draft(session, SLUG, "en").token
        save_draft(session, SLUG, "en", DraftInput({}, "## Method\n\nDo it twice.\n"), token)
    client = door.sign_in(MARA)
    page = client.get(f"{TEXT}/revisions/en").text
    assert "<ins> twice</ins>" in page
    assert client.get(f"{TEXT}/revisions/en?one=1&other=99").status_code == 404
    answer = client.post(f"{TEXT}/revisions/en/1/restoration")
    assert answer.status_code == 302
    assert "restored" in client.get(f"{TEXT}/revisions/en").text
    assert client.post(f"{TEXT}/revisions/en/99/restoration").status_code == 404


def test_languages_stand_side_by_side(door: Door) -> None:
    live(door)
    client = door.sign_in(MARA)
    page = client.get(f"{TEXT}/languages/zh-Hans").text
    assert "Do it." in page
    assert "missing" in page
    assert client.get(f"{TEXT}/languages/en").status_code == 404
    assert client.post(f"{TEXT}/languages/zh-Hans/agreement").status_code == 404


def test_the_list_is_narrowed_sorted_and_a_file(door: Door) -> None:
    client = door.sign_in(MARA)
    assert TITLE in client.get("/editorial?shelf=drafts&lacks=zh-Hant&q=LEVELS").text
    assert TITLE not in client.get("/editorial?type=faq").text
    assert TITLE not in client.get("/editorial?due=late").text
    for wrong in ("shelf=x", "type=x", "due=x", "lacks=fr", "sort=x"):
        assert client.get(f"/editorial?{wrong}").status_code == 404
    for sort in ("title", "type", "review", "changed"):
        assert client.get(f"/editorial?sort={sort}&dir=desc&page=99").status_code == 200
    assert f"\n{SLUG},best-practice," in client.get("/editorial/texts.csv").text


def test_broken_links_are_listed_with_the_text_that_has_them(door: Door) -> None:
    with writer(door, ELLEN, Role.EDITOR) as session:
        publish_now(session, SLUG)
        for slug, body in (
            ("gone", "Here.\n"),
            (
                "linking",
                "[a](/knowledge/gone) [b](https://x.example/) [c](/knowledge/two-levels#no)\n",
            ),
        ):
            start_item(session, "best-practice", slug, "en", PRACTICE, body)
            publish_now(session, slug)
    client = door.sign_in(ELLEN)
    client.post("/editorial/texts/gone/archive")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        check_links(session)
        assert check_links(session) >= 3
    rows = client.get("/editorial/links.csv").text
    assert "/knowledge/gone,withdrawn" in rows
    assert "https://x.example/,unchecked" in rows
    assert "/knowledge/two-levels#no,anchor" in rows
    assert "/knowledge/gone" in client.get("/editorial/links?trouble=withdrawn").text
    assert client.get("/editorial/links?trouble=x").status_code == 404
    assert client.post("/editorial/links").status_code == 302


def test_an_address_elsewhere_tells_how_it_answered_and_is_asked_again(door: Door) -> None:
    url = "https://x.example/gone?a=1"
    with writer(door, ELLEN, Role.EDITOR) as session:
        start_item(session, "best-practice", "linking", "en", PRACTICE, f"[b]({url})\n")
        publish_now(session, "linking")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        check_links(session)
        assert claim_address(session) == url
        note_answer(session, url, Answer("gone", 404))
    client = door.sign_in(ELLEN)
    assert url in client.get("/editorial/links?trouble=gone").text
    assert f"{url},gone,{NOW.isoformat()},404,," in client.get("/editorial/links.csv").text
    assert client.post("/editorial/links/asking", data={"url": "https://y/"}).status_code == 404
    asked = client.post("/editorial/links/asking?trouble=gone", data={"url": url})
    assert asked.headers["Location"].endswith("/editorial/links?trouble=gone")
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        assert session.scalars(select(Job.name).where(Job.name == ASK)).all() == [ASK]


def owner(door: Door) -> int | None:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return session.scalar(select(KnowledgeItem.owner_id).where(KnowledgeItem.slug == SLUG))


def test_a_text_is_handed_over_to_another_owner(door: Door) -> None:
    mara, ellen = (door.sign_in(one) for one in (MARA, ELLEN))
    assert owner(door) == door.world.users[MARA][0]
    assert "Hand over" in mara.get(TEXT).text
    given = mara.post(f"{TEXT}/owner", data={"owner": door.world.keys[ELLEN]})
    assert given.status_code == 302
    assert owner(door) == door.world.users[ELLEN][0]
    # It is no longer hers to give.
    assert "Hand over" not in mara.get(TEXT).text
    assert mara.post(f"{TEXT}/owner", data={"owner": ""}).status_code == 403
    refused = ellen.post(f"{TEXT}/owner", data={"owner": door.world.keys[PIA]})
    assert refused.status_code == 422
    assert "Choose somebody who writes texts." in refused.text
    assert ellen.post(f"{TEXT}/owner", data={"owner": ""}).status_code == 302
    assert owner(door) is None
    assert ellen.post("/editorial/texts/no-such/owner", data={"owner": ""}).status_code == 404


def test_customers_do_not_see_the_newsroom(door: Door) -> None:
    client = door.sign_in(PIA)
    for path in ("", "/texts.csv", "/links", f"/texts/{SLUG}", f"/texts/{SLUG}/revisions/en"):
        assert client.get(f"/editorial{path}").status_code == 403


def test_a_text_that_is_still_right_gets_a_new_day_with_one_click(door: Door) -> None:
    live(door)
    old = NOW.date() - timedelta(days=3)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(KnowledgeItem).values(review_by=old))
        session.commit()
    ellen = door.sign_in(ELLEN)
    listed = ellen.get("/editorial?due=late").text
    assert f'action="{TEXT}/review-date?from=list"' in listed
    answer = ellen.post(f"{TEXT}/review-date?from=list")
    assert answer.headers["Location"].endswith("/editorial?due=late")
    page = ellen.get("/editorial?due=late").text
    undo = re.search(r'action="([^"]+/review-date\?until=[^"]+)"', page)
    assert undo
    assert TITLE not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)
    with door.world.database.session(system_scope(NOW, "test")) as session:
        item = session.scalars(select(KnowledgeItem)).one()
        assert item.review_by > NOW.date() + timedelta(days=150)
        (entry,) = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "knowledge.reviewed")
        )
        assert entry.details["before"] == old.isoformat()
    ellen.post(undo[1])
    with door.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(KnowledgeItem.review_by)).one() == old
    assert ellen.post(f"{TEXT}/review-date?until=never").status_code == 404
    assert ellen.post(f"{TEXT}/review-date?until=2999-01-01").status_code == 422


def test_only_its_owner_or_an_editor_says_that_a_text_is_still_right(door: Door) -> None:
    live(door)
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(KnowledgeItem).values(owner_id=door.world.users[ELLEN][0]))
        session.commit()
    mara = door.sign_in(MARA)
    assert "review-date" not in mara.get(TEXT).text
    assert mara.post(f"{TEXT}/review-date").status_code == 403
    assert "Looked at, still right" in door.sign_in(ELLEN).get(TEXT).text
