import pytest

from portal.jobs.registry import Kind, job, known_kinds, routes


def test_two_jobs_of_one_name_are_refused() -> None:
    taken = next(iter(known_kinds()))
    with pytest.raises(ValueError, match=taken):
        job(taken)(lambda _context, _payload: None)


def test_a_message_may_have_several_followers() -> None:
    kinds = {
        name: Kind(name, lambda _context, _payload: None, 1, on)
        for name, on in {
            "search.update": ("text.published",),
            "notice.send": ("text.published", "report.published"),
            "mail.send": (),
        }.items()
    }
    assert routes(kinds) == {
        "text.published": ["search.update", "notice.send"],
        "report.published": ["notice.send"],
    }
