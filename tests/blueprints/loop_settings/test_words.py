"""/settings/request-words: the vendor's own words, and the portal's where there is none."""

from portal.domain.requests import Kind, State
from portal.locales import translations
from portal.services.requests.labels import state_labels
from portal.tenancy import system_scope
from tests.apps import Door
from tests.blueprints.reading import actions_of, field_of, text_of
from tests.services.requests.town import PAUL
from tests.world import INGRID, MARA, NOW

WORDS = "/settings/request-words"


def labels(door: Door, locale: str) -> dict[tuple[str, str], str]:
    with door.world.database.session(system_scope(NOW, "test")) as session:
        return state_labels(session, locale)


def test_a_word_is_given_and_taken_back(door: Door) -> None:
    paul = door.sign_in(PAUL)
    page = paul.get(WORDS)
    assert 'placeholder="Planned"' in field_of(page, "planned:en")
    usual = translations("zh-Hans").gettext("Planned")
    assert f'placeholder="{usual}"' in field_of(page, "planned:zh-Hans")
    data = {"kind": "need", "planned:en": " On  the list ", "planned:zh-Hans": "排上了"}
    assert paul.post(WORDS, data=data).status_code == 302
    assert labels(door, "en") == {("need", "planned"): "On the list"}
    assert labels(door, "zh-Hans") == {("need", "planned"): "排上了"}
    assert 'value="On the list"' in field_of(paul.get(WORDS), "planned:en")
    assert paul.post(WORDS, data={"kind": "need", "planned:en": ""}).status_code == 302
    assert labels(door, "en") == {}
    assert labels(door, "zh-Hans") == {("need", "planned"): "排上了"}
    assert actions_of(door.world.database) == ["state_label.set"] * 3


def test_a_long_word_is_refused_beside_its_field_and_kept(door: Door) -> None:
    paul = door.sign_in(PAUL)
    long = "x" * 61
    answer = paul.post(WORDS, data={"kind": "bug", "fixed:en": long, "fixing:en": "On it"})
    assert answer.status_code == 422
    assert long in field_of(answer, "fixed:en")
    assert "aria-invalid" in field_of(answer, "fixed:en")
    assert "too long" in text_of(answer)
    assert labels(door, "en") == {}


def test_only_product_and_admin_name_states_and_only_of_known_kinds(door: Door) -> None:
    assert door.sign_in(MARA).get(WORDS).status_code == 403
    assert door.sign_in(INGRID).post(WORDS, data={"kind": "need"}).status_code == 403
    assert door.sign_in(PAUL).post(WORDS, data={"kind": "wish"}).status_code == 404
    assert (
        door.sign_in(PAUL).post(WORDS, data={"kind": "need", "flying:en": "x"}).status_code == 302
    )
    assert labels(door, "en") == {}


def test_each_kind_lists_the_states_that_it_can_be_in(door: Door) -> None:
    page = text_of(door.sign_in(PAUL).get(WORDS))
    assert page.count("Reproduced") == 1
    assert page.count("Confirmed") == len(Kind)
    assert page.count("Answered") == 1
    assert State.REOPENED.value.title() in page
