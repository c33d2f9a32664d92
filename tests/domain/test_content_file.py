from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.audience import Audience
from portal.domain.content_file import ContentFile, is_name, read_file, read_name, write_file
from portal.domain.errors import Invalid

FRONT = {
    "title": "Two levels are enough",
    "summary": "Fewer levels.",
    "type": "best-practice",
    "audience": "customers",
    "features": "[approval-chains, audit-trail]",
    "review_by": "2027-05-11",
    "published": "2026-11-11",
    "minutes": "3",
    "effect": "3.2 → 1.1 days",
}


def text(
    changes: dict[str, str | None] | None = None, body: str = "\n## Method\n\nDo it.\n"
) -> str:
    values = {**FRONT, **(changes or {})}
    lines = [f"{key}: {value}" for key, value in values.items() if value is not None]
    return "\n".join(["---", *lines, "---", body])


def read(
    changes: dict[str, str | None] | None = None, name: str = "two-levels.en.md"
) -> ContentFile:
    return read_file("best-practices", name, text(changes))


def fields(changes: dict[str, str | None]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(changes)
    return refusal.value.fields or {"": refusal.value.message}


def test_a_good_file_is_read() -> None:
    file = read()
    assert (file.slug, file.locale, file.minutes) == ("two-levels", "en", 3)
    assert file.features == ("approval-chains", "audit-trail")
    assert file.audience == Audience("customers")
    assert file.body == "## Method\n\nDo it.\n"
    assert file.path == "best-practices/two-levels.en.md"


def test_what_is_written_reads_back() -> None:
    assert write_file(read()) == text()


@given(
    title=st.text(min_size=1, max_size=60),
    effect=st.text(alphabet=" :#-'\"[]{}&*!|>%@`,?\\9a字", min_size=1, max_size=40),
)
def test_any_line_survives_the_way_out_and_back(title: str, effect: str) -> None:
    file = replace(read(), title=title, effect=effect)
    try:
        again = read_file("best-practices", "two-levels.en.md", write_file(file))
    except Invalid as refusal:
        wrong = set(refusal.fields)
    else:
        wrong = set()
        assert (again.title, again.effect) == (title, effect)
    # Refused is only what an author could not have written either.
    assert wrong <= {"title", "effect"}


def test_windows_lines_and_a_byte_order_mark_are_taken() -> None:
    changed = "\ufeff" + text().replace("\n", "\r\n")
    assert read_file("best-practices", "two-levels.en.md", changed) == read()


WRONG: dict[str, tuple[dict[str, str | None], str]] = {
    "a missing key": ({"summary": None}, "summary"),
    "an unknown key": ({"colour": "red"}, "colour"),
    "consent of no case": ({"consent": "2026-01-01"}, "consent"),
    "no effect of a practice": ({"effect": None}, "effect"),
    "an empty title": ({"title": '""'}, "title"),
    "a title of figures": ({"title": "2026"}, "title"),
    "a title of two lines": ({"title": '"a\\nb"'}, "title"),
    "a title with an invisible line break": ({"title": '"a\\u2028b"'}, "title"),
    "a title too long": ({"title": "a" * 301}, "title"),
    "an unknown type": ({"type": "poem"}, "type"),
    "a type of another folder": ({"type": "faq", "effect": None}, "type"),
    "an unknown audience": ({"audience": "everyone"}, "audience"),
    "an audience of nobody": ({"audience": "{accounts: []}"}, "audience"),
    "an audience of two kinds": ({"audience": "{accounts: [a], public: true}"}, "audience"),
    "an account with a slash": ({"audience": "{accounts: [a/b]}"}, "audience"),
    "a feature twice": ({"features": "[a, a]"}, "features"),
    "features as text": ({"features": "a"}, "features"),
    "a feature that is a list": ({"features": "[[a]]"}, "features"),
    "a day that is none": ({"review_by": "2026-02-30"}, ""),
    "a day in quotes": ({"review_by": '"2026-02-03"'}, "review_by"),
    "a moment": ({"review_by": "2026-02-03T10:00:00"}, "review_by"),
    "minutes in words": ({"minutes": "three"}, "minutes"),
    "no minutes": ({"minutes": "0"}, "minutes"),
    "true minutes": ({"minutes": "true"}, "minutes"),
    "endless minutes": ({"minutes": "9" * 5000}, ""),
    "an alias": ({"title": "&a x", "summary": "*a"}, ""),
    "a Python object": ({"title": "!!python/object:os.system x"}, ""),
    "no YAML": ({"title": "[unfinished"}, ""),
    "deep YAML": ({"title": "[" * 3000}, ""),
    "long front matter": ({"title": "a" * 9000}, ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(case: str) -> None:
    changes, key = WRONG[case]
    assert key in fields(changes)


def test_a_practice_may_be_about_the_work_and_a_case_is_about_the_product() -> None:
    assert read({"features": "[]"}).features == ()
    case = {"type": "customer-case", "effect": None, "consent": "2026-03-30", "features": "[]"}
    with pytest.raises(Invalid) as refusal:
        read_file("customer-cases", "tarnby.en.md", text(case))
    assert set(refusal.value.fields) == {"features"}


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert set(fields({"title": None, "minutes": "x", "colour": "red"})) == {
        "title",
        "minutes",
        "colour",
    }


def test_a_key_that_stands_twice_is_refused() -> None:
    doubled = text().replace("minutes: 3", "minutes: 3\nminutes: 4")
    with pytest.raises(Invalid, match=r"minutes.*twice"):
        read_file("best-practices", "two-levels.en.md", doubled)


@pytest.mark.parametrize("content", ["", "no front matter", "---\ntitle: a\n", "---\n- a\n---\nx"])
def test_a_file_without_front_matter_is_refused(content: str) -> None:
    with pytest.raises(Invalid):
        read_file("best-practices", "two-levels.en.md", content)


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        read_file("best-practices", "two-levels.en.md", text(body="\n\n"))
    assert set(refusal.value.fields) == {"body"}


@pytest.mark.parametrize(
    "name",
    ["Two.en.md", "two.md", "two.fr.md", "two.en.txt", "-two.en.md", "two.en.md.md", "a" * 121],
)
def test_names_must_tell_slug_and_locale(name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        read_name("faqs", name)


def test_an_unknown_collection_is_refused() -> None:
    with pytest.raises(Invalid, match="collection"):
        read_name("poems", "one.en.md")


def test_a_case_carries_its_consent_and_named_accounts_theirs() -> None:
    changed = text({"type": "customer-case", "effect": None, "consent": "2026-06-14"}).replace(
        "audience: customers", "audience:\n  accounts: [acme, 'null']"
    )
    file = read_file("customer-cases", "acme.zh-Hans.md", changed)
    assert file.consent is not None
    assert file.audience.accounts == ("acme", "null")
    assert '  accounts: [acme, "null"]\n' in write_file(file)
    assert write_file(file).endswith("consent: 2026-06-14\n---\n\n## Method\n\nDo it.\n")


@pytest.mark.parametrize(("word", "known"), [("a-b", True), ("a--b", False), ("a" * 121, False)])
def test_names_are_short_words_with_hyphens(word: str, known: bool) -> None:  # noqa: FBT001 # a parameter of the table
    assert is_name(word) == known


@pytest.mark.parametrize("title", ["@home", "Yes", "12", "a: b", "a #b", "- a", '"a"', "null"])
def test_what_yaml_would_take_otherwise_is_quoted(title: str) -> None:
    written = write_file(replace(read(), title=title))
    assert 'title: "' in written
    assert read_file("best-practices", "two-levels.en.md", written).title == title


EVENT = {
    "type": "event",
    "features": "[]",
    "effect": None,
    "kind": "open-class",
    "starts_at": "2026-12-03 15:00",
    "ends_at": "2026-12-03 16:30",
    "zone": "Europe/Oslo",
    "link": "https://meet.example/a?b=c",
}


def event(changes: dict[str, str | None] | None = None) -> ContentFile:
    written = text({**EVENT, **(changes or {})})
    return read_file("events", "open-class.en.md", written)


def test_an_event_has_its_time_and_its_place() -> None:
    file = event()
    assert (file.kind, file.zone, file.place) == ("open-class", "Europe/Oslo", "")
    assert write_file(file) == text(EVENT)
    here = event({"link": None, "place": "Oslo, Storgata 1"})
    assert write_file(here).endswith(
        "zone: Europe/Oslo\nplace: Oslo, Storgata 1\n---\n\n## Method\n\nDo it.\n"
    )


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"link": None}, "place"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "//evil.example"}, "link"),
        ({"kind": "party"}, "kind"),
        ({"zone": "Oslo"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"starts_at": "2026-12-03"}, "starts_at"),
        ({"starts_at": "2026-12-03 25:00"}, "starts_at"),
        ({"starts_at": "0001-01-01 00:00"}, "starts_at"),
        ({"starts_at": "2026-12-03 16:30"}, "ends_at"),
        ({"starts_at": "2027-03-28 02:30", "ends_at": "2027-03-28 05:00"}, "starts_at"),
        ({"ends_at": None}, "ends_at"),
        ({"effect": "x"}, "effect"),
    ],
)
def test_an_event_that_cannot_be_is_refused(changes: dict[str, str | None], key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        event(changes)
    assert set(refusal.value.fields) == {key}


def test_an_audience_of_segments_is_written_as_it_is_read() -> None:
    changed = text().replace("audience: customers", "audience:\n  segments: [strategic, small]")
    file = read_file("best-practices", "two-levels.en.md", changed)
    assert file.audience == Audience("segments", segments=("strategic", "small"))
    assert write_file(file) == changed


def test_a_case_may_be_the_one_to_match() -> None:
    said = {"type": "customer-case", "effect": None, "consent": "2026-06-14"}
    plain = read_file("customer-cases", "acme.en.md", text(said))
    marked = text({**said, "benchmark": "true"})
    file = read_file("customer-cases", "acme.en.md", marked)
    assert (plain.benchmark, file.benchmark) == (False, True)
    assert write_file(file) == marked


def test_versions_share_all_that_is_not_language() -> None:
    english, chinese = read(), read({"title": "两级就够了"}, "two-levels.zh-Hans.md")
    assert english.shared == chinese.shared
    assert read({"minutes": "4"}).shared != english.shared
