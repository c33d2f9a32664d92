"""/accounts/<key>/health: the glass box, the word against it, and what became of contracts."""

import csv
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.models import Account, AuditEntry, HealthModel, HealthOverride
from portal.services.health.due import due_accounts
from portal.services.health.scoring import score_accounts
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import counted, days_back, morning, work
from tests.world import INGRID, JONAS, LAST_DAY, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = f"/accounts/{OSKELUND.key}/health"
TODAY = LAST_DAY + timedelta(days=1)


def score(door: Door, *, history: int = 60) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        score_accounts(session, due_accounts(session), history=history)


def said(door: Door, who: str = MARA, query: str = "") -> str:
    page = door.sign_in(who).get(ADDRESS + query)
    assert page.status_code == 200
    return text_of(page).replace("\xa0", " ")


@pytest.fixture
def scored(door: Door) -> Door:
    """Two of six come; six weeks ago all did."""
    work(door.world.database, OSKELUND, range(1, 7), days_back(*range(40, 90)))
    work(door.world.database, OSKELUND, range(1, 3), days_back(*range(40)))
    score(door)
    return door


def test_the_score_is_taken_apart(scored: Door) -> None:
    page = said(scored)
    # Activity: 0.7 x (2/6 ÷ 0.8) + 0.3 x (2 ÷ 5.25 on average of the weeks before).
    assert "Health of Oskelund Foods" in page
    assert "Weight 25, counts 50 %" in page
    assert "Weight 20, counts 40 %" in page
    assert "Business volume, Service, Sentiment, Community, Payment and Relationship have" in page
    assert "by model 1 for the segment Strategic" in page
    assert "more people active a week" in page
    assert "of all people set up, where 80 % give all points" in page
    assert "What moved it since 13 November" in page


def test_before_the_first_score_it_says_so(door: Door) -> None:
    assert "No score yet" in said(door)


def test_another_ones_account_is_a_missing_one(scored: Door) -> None:
    jonas = scored.sign_in(JONAS)
    assert jonas.get(ADDRESS).status_code == 404
    assert jonas.get(ADDRESS + ".csv").status_code == 404
    assert jonas.post(ADDRESS + "/override", data=override()).status_code == 404
    assert jonas.post(ADDRESS + "/override/end").status_code == 404


def test_a_champion_never_sees_it(scored: Door) -> None:
    ingrid = scored.sign_in(INGRID)
    assert ingrid.get(ADDRESS).status_code == 403
    assert "Health" not in text_of(ingrid.get("/"))
    assert "Health" not in text_of(ingrid.get("/adoption"))


def test_the_list_shows_and_sorts_by_it(scored: Door) -> None:
    greta = scored.role("manager")
    page = greta.get("/accounts?sort=health&dir=desc")
    said_there = text_of(page)
    assert said_there.index(OSKELUND.name) < said_there.index(QUILLON.name)
    rows = list(csv.DictReader(greta.get("/accounts.csv").text.lstrip("\ufeff").splitlines()))
    found = {row["key"]: (row["health_score"], row["health_band"]) for row in rows}
    assert found[QUILLON.key] == ("", "")
    assert found[OSKELUND.key][1] == "red"


def test_the_history_as_a_table(scored: Door) -> None:
    text = scored.sign_in(MARA).get(ADDRESS + ".csv?days=365").text.lstrip("\ufeff")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows[-1]["day"] == LAST_DAY.isoformat()
    assert rows[-1]["model"] == "1"
    assert rows[-1]["service"] == ""
    assert len(rows) >= 36
    short = scored.sign_in(MARA).get(ADDRESS + ".csv?days=nonsense").text
    assert len(short.splitlines()) <= len(text.splitlines())


def test_it_says_which_use_it_was_made_from(scored: Door) -> None:
    page = scored.sign_in(MARA).get(ADDRESS)
    assert "in Oslo. Since the first event:" in text_of(page)
    assert 'popovertarget="define-health"' in page.text


def test_the_page_takes_few_statements(scored: Door) -> None:
    mara = scored.sign_in(MARA)
    mara.get(ADDRESS)
    with counted(scored.world.database) as sent:
        mara.get(ADDRESS + "?days=365")
    assert len(sent) <= 20


def override(**more: object) -> dict[str, object]:
    data = {"band": "green", "until": TODAY + timedelta(days=20), "reason": "They signed again."}
    return {f"override-{name}": value for name, value in {**data, **more}.items()}


def test_mara_overrules_it_until_a_day(scored: Door) -> None:
    mara = scored.sign_in(MARA)
    assert mara.post(ADDRESS + "/override", data=override()).status_code == 302
    for place in (ADDRESS, f"/accounts/{OSKELUND.key}"):
        page = text_of(mara.get(place)).replace("\xa0", " ")
        assert "Held at “healthy” by Mara Quill until 11 December: They signed again." in page
    assert "By its own figures it would be “at risk”." in said(scored)
    assert mara.post(ADDRESS + "/override/end").status_code == 302
    page = said(scored)
    assert "Held at" not in page
    assert "Ended by Mara Quill." in page
    with scored.world.database.session(system_scope(NOW, "test")) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["health.override", "health.override-end"]
    again = mara.post(ADDRESS + "/override/end", follow_redirects=True)
    assert "No override is in force here any more." in again.text


def test_an_override_ends_by_itself(scored: Door) -> None:
    mara = scored.sign_in(MARA)
    mara.post(ADDRESS + "/override", data=override(until=TODAY))
    assert "Held at" in said(scored)
    with scored.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.scalars(select(HealthOverride)).one().until = LAST_DAY
        session.commit()
    page = said(scored)
    assert "Held at" not in page
    assert "Ended by" not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": "  "}, "Give a reason: it stands beside the score."),
        ({"reason": "x" * 1001}, "Keep it under 1,000 characters."),
        ({"until": LAST_DAY}, "Choose a last day from today on, at most 180 days ahead."),
        ({"until": TODAY + timedelta(days=181)}, "Choose a last day from today on"),
        ({"until": "soon"}, "Choose a day, such as 2026-09-30."),
        ({"band": "blue"}, "Choose one of the list."),
    ],
)
def test_a_bad_override_is_refused_beside_its_field(
    scored: Door, more: dict[str, object], words: str
) -> None:
    answer = scored.sign_in(MARA).post(ADDRESS + "/override", data=override(**more))
    assert answer.status_code == 422
    assert words in answer.text
    with scored.world.database.session(system_scope(NOW, "test")) as session:
        assert session.scalars(select(HealthOverride)).all() == []


def test_all_that_is_wrong_is_said_at_once(scored: Door) -> None:
    mara, late = scored.sign_in(MARA), TODAY + timedelta(days=181)
    page = mara.post(ADDRESS + "/override", data=override(reason="", until=late)).text
    assert "Give a reason: it stands beside the score." in page
    assert "Choose a last day from today on" in page
    wrong = outcome(day="2099-01-01", amount="-1")
    page = mara.post(f"/accounts/{OSKELUND.key}/outcomes", data=wrong).text
    assert "Choose a day that is over, from 2000 on." in page
    assert "Give an amount from 0 on." in page


def test_a_reason_without_a_full_stop_runs_into_nothing(scored: Door) -> None:
    scored.sign_in(MARA).post(ADDRESS + "/override", data=override(reason="They told us so"))
    assert "They told us so. By its own figures" in said(scored)


def test_a_change_of_the_model_is_marked_in_the_history(scored: Door) -> None:
    with scored.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        made = HealthModel(
            weights={"": {"activity": 1}}, bands={}, created_at=NOW, activated_at=NOW
        )
        session.add(made)
        session.commit()
    later = system_scope(NOW + timedelta(days=1), "test")
    with scored.world.database.session(later, writes=True) as session:
        score_accounts(session, due_accounts(session))
    page = said(scored)
    assert "by model 2 for the segment Strategic" in page
    assert "21 November 2026: model 2" in page


def outcome(**more: object) -> dict[str, object]:
    data = {"day": date(2026, 3, 31), "outcome": "shrank", "amount": "80000", "note": "Fewer"}
    return {f"outcome-{name}": value for name, value in {**data, **more}.items()}


def test_what_became_of_a_contract_is_noted_and_taken_back(scored: Door) -> None:
    mara = scored.sign_in(MARA)
    address = f"/accounts/{OSKELUND.key}/outcomes"
    assert mara.post(address, data=outcome()).status_code == 302
    page = mara.get(ADDRESS)
    assert "31 March 2026" in text_of(page).replace("\xa0", " ")
    key = page.text.partition("/outcomes/")[2].partition("/removal")[0]
    assert scored.sign_in(JONAS).post(f"/outcomes/{key}/removal").status_code == 404
    assert mara.post(f"/outcomes/{key}/removal").status_code == 302
    assert "31 March 2026" not in text_of(mara.get(ADDRESS)).replace("\xa0", " ")
    assert mara.post(address, data=outcome(day="2099-01-01")).status_code == 422
    assert mara.post(address, data=outcome(outcome="won")).status_code == 422
    assert mara.post(address, data=outcome(amount="-1")).status_code == 422


def test_a_group_says_which_account_would_lift_it_and_how(scored: Door) -> None:
    with scored.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        group = Account(key="nord", name="Nord Group", created_at=NOW)
        session.add(group)
        session.flush()
        mine = Account.id.in_(scored.world.accounts.values())
        session.execute(update(Account).where(mine).values(parent_id=group.id))
        session.commit()
    score(scored)
    page = scored.role("manager").get("/accounts/nord/health")
    words = text_of(page).replace("\xa0", " ")
    assert "more people active a week at Oskelund Foods" in words
    assert "of the seats of the group" in words
    assert f'href="/accounts/{OSKELUND.key}/health"' in page.text
