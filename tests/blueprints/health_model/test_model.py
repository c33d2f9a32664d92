"""/admin/health-model: weights in a draft, tried before they are put in force."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.health import Component
from portal.models import AuditEntry, HealthDay, HealthModel
from portal.services.health.due import due_accounts
from portal.services.health.scoring import score_accounts
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import text_of
from tests.blueprints.usage import days_back, morning, work
from tests.world import INGRID, MARA, NOW, OSKELUND, QUILLON

__all__ = ["morning"]
pytestmark = pytest.mark.usefixtures("morning")
ADDRESS = "/admin/health-model"


def weights(**more: int) -> dict[str, int]:
    usual = dict.fromkeys((one.value for one in Component), 0)
    return {**usual, "activity": 1, "green": 75, "yellow": 50, **more}


@pytest.fixture
def scored(door: Door) -> Door:
    work(door.world.database, OSKELUND, range(1, 7), days_back(*range(60)))
    work(door.world.database, QUILLON, range(1, 3), days_back(*range(60)))
    night(door, 0)
    return door


def night(door: Door, days: int) -> None:
    scope = system_scope(NOW + timedelta(days=days), "test")
    with door.world.database.session(scope, writes=True) as session:
        score_accounts(session, due_accounts(session), history=40)


def models(door: Door) -> list[HealthModel]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return list(session.scalars(select(HealthModel).order_by(HealthModel.id)))


def test_a_draft_is_tried_on_every_account_and_changes_nothing(scored: Door) -> None:
    greta = scored.role("manager")
    sent = greta.post(f"{ADDRESS}/draft?segment=standard", data=weights(), follow_redirects=True)
    page = text_of(sent).replace("\xa0", " ")
    assert "Model 1 is in force" in page
    assert "1 score would change today." in page
    assert "Standard, own weights" in page
    rows = csv.DictReader(greta.get(f"{ADDRESS}/preview.csv").text.lstrip("\ufeff").splitlines())
    found = {row["account"]: row for row in rows}
    assert found[OSKELUND.key]["score"] == found[OSKELUND.key]["score_draft"]
    # Quillon: 2 of 6 come, steadily: 0.7 x (2/6 ÷ 0.8) + 0.3 = 0.592.
    assert found[QUILLON.key]["score_draft"] == "59"
    night(scored, 1)
    with scored.world.database.session(system_scope(NOW, "test")) as session:
        assert set(session.scalars(select(HealthDay.model_id))) == {None}


def test_the_draft_is_put_in_force_and_history_stays(scored: Door) -> None:
    greta = scored.role("manager")
    greta.post(f"{ADDRESS}/draft", data=weights(breadth=3))
    (draft,) = models(scored)
    data = {"draft": draft.key, "activate-note": "Use is what counts"}
    page = text_of(greta.post(f"{ADDRESS}/activation", data=data, follow_redirects=True))
    assert "Model 2 is in force" in page
    assert "by Greta Lind. Use is what counts" in page.replace("\xa0", " ")
    with scored.world.database.session(system_scope(NOW, "test")) as session:
        before = {
            (row.account_id, row.day): row.score for row in session.scalars(select(HealthDay))
        }
    night(scored, 1)
    with scored.world.database.session(system_scope(NOW, "test")) as session:
        rows = session.scalars(select(HealthDay)).all()
        kept = {(row.account_id, row.day): row.score for row in rows if row.model_id is None}
        assert kept == before
        newest = [row for row in rows if row.model_id == draft.id]
        assert len(newest) == 2
        for row in newest:
            exact = (row.values["activity"] + 3 * row.values["breadth"]) / 4
            assert row.score == int(exact + 0.5)
        acts = session.scalars(select(AuditEntry.action)).all()
    assert {"health.model-draft", "health.model-activate"} <= set(acts)
    again = greta.post(f"{ADDRESS}/activation", data=data, follow_redirects=True)
    assert "There is no draft any more." in again.text


def test_a_segment_loses_its_weights_and_a_draft_is_discarded(scored: Door) -> None:
    greta = scored.role("manager")
    greta.post(f"{ADDRESS}/draft?segment=small", data=weights())
    assert "small" in models(scored)[0].weights
    greta.post(f"{ADDRESS}/draft/removal?segment=small")
    assert list(models(scored)[0].weights) == [""]
    greta.post(f"{ADDRESS}/draft/discard")
    assert models(scored) == []
    said = greta.post(f"{ADDRESS}/draft/discard", follow_redirects=True).text
    assert "There is no draft any more." in said


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"activity": 0}, "At least one component needs a weight."),
        ({"activity": 101}, "A weight is a whole number from 0 to 100."),
        ({"activity": -1}, "A weight is a whole number from 0 to 100."),
        ({"green": 50}, "Yellow begins above 0 and below green"),
        ({"yellow": 0}, "Give a score from 1 to 100."),
    ],
)
def test_wrong_weights_are_refused_beside_their_field(
    scored: Door, more: dict[str, int], words: str
) -> None:
    answer = scored.role("manager").post(f"{ADDRESS}/draft", data=weights(**more))
    assert answer.status_code == 422
    assert words in answer.text
    assert models(scored) == []


def test_only_managers_and_administrators_weigh(scored: Door) -> None:
    for who in (MARA, INGRID):
        client = scored.sign_in(who)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(f"{ADDRESS}/draft", data=weights()).status_code == 403
    assert scored.role("admin").get(ADDRESS).status_code == 200
