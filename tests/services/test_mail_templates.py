from typing import Any

import pytest

from portal.locales import LOCALES
from portal.services.mail_templates import FOLDER, VALUES, check_values, render

LINK = "https://success.example/invitations/abc?a=1&b=2"
REQUEST = {
    "name": "Ingrid Dahle",
    "kind": "own_request_moved",
    "code": "R-7K2FD",
    "title": "Own plants",
    "request_kind": "need",
    "what": "state",
    "state": "planned",
    "label": "",
    "who": "Paul",
    "account": "",
    "text": "In March.",
    "due": "",
    "at": "2026-11-27T09:00:00+00:00",
    "time_zone": "Europe/Oslo",
    "link": LINK,
    "choices": LINK,
    "unsubscribe": LINK,
}
SAMPLES: dict[str, dict[str, Any]] = {
    "request_told": REQUEST,
    "request_digest": {
        "name": "Ingrid Dahle",
        "groups": [{"link": LINK, "code": "R-7K2FD", "title": "Own plants", "events": [REQUEST]}],
        "more": 2,
        "link": LINK,
        "choices": LINK,
        "unsubscribe": LINK,
    },
    "whats_new": {
        "name": "Ingrid Dahle",
        "notes": [{"link": LINK, "title": "Exports know regions", "summary": "By region."}],
        "moves": [
            {
                "link": LINK,
                "title": "Own plants",
                "request_kind": "need",
                "state": "planned",
                "label": "",
            }
        ],
        "more": 3,
        "daily": False,
        "link": LINK,
        "choices": LINK,
        "unsubscribe": LINK,
    },
    "request_asked": {**REQUEST, "kind": "asked_whether_it_works", "again": True},
    "certificate_ends": {
        "name": "Ingrid Dahle",
        "course": "Shorter chains",
        "until": "2026-12-22",
        "link": LINK,
        "choices": LINK,
        "unsubscribe": LINK,
    },
    "usage_flood": {
        "name": "Ingrid Dahle",
        "account": "Oskelund Foods",
        "account_key": "oskelund-foods",
        "link": LINK,
        "choices": LINK,
        "unsubscribe": LINK,
    },
    "invitation": {
        "name": "Ingrid Dahle",
        "inviter": "Mara Quill",
        "account": "Oskelund Foods",
        "link": LINK,
        "expires_at": "2026-03-09T12:00:00+00:00",
        "time_zone": "Europe/Oslo",
    },
    "course_due": {
        "name": "Ingrid Dahle",
        "course": "Shorter chains",
        "kind": "soon",
        "due_on": "2026-11-27",
        "link": LINK,
    },
    "training_session": {
        "name": "Ingrid Dahle",
        "kind": "invited",
        "title": "Shorter chains",
        "trainer": "Mara Quill",
        "starts_at": "2026-11-27T09:00:00+00:00",
        "time_zone": "Europe/Oslo",
        "place": "Room 2",
        "note": "",
        "link": LINK,
    },
    "quiz_read": {
        "name": "Ingrid Dahle",
        "course": "Shorter chains",
        "passed": True,
        "link": LINK,
    },
    "daily": {
        "name": "Ingrid Dahle",
        "alerts": [{"account": "Oskelund Foods", "rule": "silence", "link": LINK}],
        "tasks": [],
        "more": 0,
        "link": LINK,
        "profile": LINK,
    },
    "knowledge_step": {
        "name": "Ingrid Dahle",
        "kind": "sent-back",
        "title": "Two levels",
        "who": "Bo",
        "reason": "Which customer?",
        "link": LINK,
    },
    "knowledge_due": {
        "name": "Ingrid Dahle",
        "overdue": True,
        "texts": [{"title": "Two levels", "link": LINK}],
        "more": 2,
        "link": LINK,
        "profile": LINK,
    },
    "step": {
        "name": "Ingrid Dahle",
        "steps": [
            {
                "feature": "Delegation",
                "unused": unused,
                "persons": 0 if unused else 2,
                "title": "Who may approve while a manager is away?",
                "minutes": 2,
                "link": LINK,
            }
            for unused in (True, False)
        ],
        "link": LINK,
        "profile": LINK,
    },
    "search_question": {
        "name": "Ingrid Dahle",
        "asker": "Pia Holm",
        "email": "pia@oskelund.example",
        "account": "Oskelund Foods",
        "question": "How do I export by depot?",
        "note": "For the auditors.",
        "link": LINK,
    },
    "password_reset": {"name": "Ingrid Dahle", "link": LINK, "minutes": 60},
    "password_changed": {
        "name": "Ingrid Dahle",
        "link": LINK,
        "changed_at": "2026-03-02T12:00:00+00:00",
        "time_zone": "Asia/Taipei",
    },
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", SAMPLES)
def test_each_mail_is_whole_in_each_language(template: str, locale: str) -> None:
    words = render(template, locale, SAMPLES[template], "Ferrymark")
    assert "Ferrymark" in words.subject
    assert LINK in words.text
    assert LINK.replace("&", "&amp;") in words.html
    assert f'lang="{locale}"' in words.html
    for part in (words.text, words.html):
        assert "Ingrid Dahle" in part
        assert "%(" not in part
        assert "{{" not in part


def test_styles_are_written_into_the_elements_and_nothing_comes_from_outside() -> None:
    html = render("invitation", "en", SAMPLES["invitation"], "Ferrymark").html
    assert 'class="button" href="https://' in html
    assert "background-color: #2b3da6" in html
    assert "prefers-color-scheme: dark" in html
    for word in ("<link", "<img", "url(", "@import", "<script"):
        assert word not in html


def test_what_people_typed_is_text_in_every_part() -> None:
    values = SAMPLES["invitation"] | {"inviter": "<b>Mara\n& co</b>", "name": "<script>x</script>"}
    words = render("invitation", "en", values, "Ferrymark")
    assert words.subject == "<b>Mara & co</b> invites you to Ferrymark"
    assert "&lt;b&gt;Mara" in words.html
    assert "<script>" not in words.html
    assert "<script>x</script>" in words.text


def test_moments_are_told_in_the_readers_zone() -> None:
    text = render("invitation", "en", SAMPLES["invitation"], "Ferrymark").text
    assert "9 March 2026, 13:00" in text
    text = render("password_changed", "zh-Hant", SAMPLES["password_changed"], "Ferrymark").text
    assert "2026年3月2日 20:00" in text


def test_plurals_and_an_unknown_name() -> None:
    one = render("password_reset", "en", {"name": "", "link": LINK, "minutes": 1}, "Ferrymark")
    assert "for 1 minute." in one.text
    assert "Hello" not in one.text + one.html
    many = render("password_reset", "en", {"name": "", "link": LINK, "minutes": 60}, "Ferrymark")
    assert "for 60 minutes." in many.text


def test_every_folder_of_words_is_declared() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(VALUES) == set(SAMPLES)


@pytest.mark.parametrize(
    ("template", "values"), [("nothing", {}), ("password_reset", {"name": "", "minutes": 5})]
)
def test_a_wrong_wish_is_refused_at_once(template: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"there is no mail nothing|lacks link"):
        check_values(template, values)
