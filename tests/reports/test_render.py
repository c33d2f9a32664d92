"""What the report says on a page and in print, and that no input can break out of its text."""

import re
from datetime import date
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup
from msgspec.structs import replace

from reports.figures import Definition, FigureKey
from reports.model import Feature, Names, Note, Party, Snapshot, Window
from reports.render import render_body, render_document, report_title
from reports.words import Words
from tests.reports.snapshots import SNAPSHOT, figure

WORDS = Words("en", NullTranslations())
KEPT = Path(__file__).parent / "kept"
BARE = replace(
    SNAPSHOT,
    figures=(),
    weeks=(),
    weeks_before=(),
    features=(),
    calls=(),
    integrations=(),
    notes=(),
    published_at=None,
)


class Outline(HTMLParser):
    """Headings, attributes and whether every element is closed."""

    VOID = frozenset({"meta", "img", "br", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.attributes: set[str] = set()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"h1", "h2"}:
            self.headings.append(data.strip())


def test_the_page_tells_its_chapters_in_order() -> None:
    outline = Outline(render_body(SNAPSHOT, WORDS))
    assert outline.headings == [
        "186 of 226 people worked in Ferrymark.",
        "Adoption",
        "Core features",
        "Integrations",
        "From Mara Quill",
        "Sources",
    ]


def test_nothing_in_the_page_needs_an_inline_style_or_script() -> None:
    outline = Outline(render_body(SNAPSHOT, WORDS))
    assert "style" not in outline.attributes | outline.tags
    assert "script" not in outline.tags
    assert not [name for name in outline.attributes if name.startswith("on")]
    assert len(outline.ids) == len(set(outline.ids))


def test_a_chapter_without_figures_is_not_there() -> None:
    body = render_body(BARE, WORDS)
    assert Outline(body).headings == ["There is not enough data for this period yet."]
    assert "Draft of version 2" in body


def test_a_draft_says_that_it_may_change_and_a_published_one_that_it_is_frozen() -> None:
    draft = replace(SNAPSHOT, published_at=None)
    assert "This is a draft; its numbers" in render_body(draft, WORDS)
    assert "This report is frozen." in render_body(SNAPSHOT, WORDS)


def test_every_number_has_definition_window_source_and_time() -> None:
    body = render_body(SNAPSHOT, WORDS)
    assert body.count("1\u00a0Oct\u00a02026, 00:15") == len(SNAPSHOT.figures)
    assert "of the seats you bought" in body
    assert "Ferrymark usage events and seats in your contract" in body
    assert "since the start" in body
    assert "Times are those of Oslo." in body


def test_tile_and_source_agree_with_the_headline() -> None:
    month = Window(first=date(2026, 9, 1), last=date(2026, 9, 30))
    login = SNAPSHOT.figure(FigureKey.LOGIN_RATIO)
    assert login is not None
    people = figure(FigureKey.ACTIVE_PERSONS, 202, Definition.ACTIVE_PERSONS, counts=(200, 232))
    body = render_body(replace(BARE, figures=(people, replace(login, window=month))), WORDS)
    assert "200 of 232 people worked in Ferrymark." in body
    assert "Active people: 202, 200 of them set up" in body
    assert '<div class="name">Login ratio, last 30 days</div>' in body
    all_set_up = replace(people, part=202)
    assert "Active people: 202</b>" in render_body(replace(BARE, figures=(all_set_up,)), WORDS)


def test_too_little_data_is_never_a_zero() -> None:
    unknown = figure(FigureKey.STICKINESS, None, Definition.STICKINESS)
    body = render_body(replace(BARE, figures=(unknown,)), WORDS)
    assert "Not enough data" in body
    assert '<div class="value">–</div>' in body


def test_words_written_in_another_language_are_marked_as_such() -> None:
    chinese = Note(locale="zh-Hans", paragraphs=("谢谢。",))
    body = render_body(replace(SNAPSHOT, notes=(chinese,)), WORDS)
    assert '<blockquote class="quote" lang="zh-Hans">' in body


def test_actions_and_icons_come_from_the_page() -> None:
    body = render_body(SNAPSHOT, WORDS, actions=Markup('<a href="/p">PDF</a>'), icons_url="/i.svg")
    assert '<a href="/p">PDF</a>' in body
    assert '<use href="/i.svg#lock" />' in body


EVIL = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def _evil() -> Snapshot:
    return replace(
        SNAPSHOT,
        account=Party(key="e", name=EVIL),
        vendor=Party(key="v", name=EVIL),
        features=(Feature(key="f", names=Names(en=EVIL), depth=0.5, users=1, uses=1),),
        integrations=(EVIL,),
        notes=(Note(locale="en", paragraphs=(EVIL,)),),
    )


@pytest.mark.parametrize("medium", ["page", "print"])
def test_no_name_and_no_word_becomes_markup(medium: str) -> None:
    html = render_document(_evil(), WORDS) if medium == "print" else render_body(_evil(), WORDS)
    outline = Outline(html)
    assert "script" not in outline.tags
    assert "onerror" not in outline.attributes


def test_print_carries_pictures_with_words_and_no_address() -> None:
    document = render_document(SNAPSHOT, WORDS)
    assert document.count('<img src="data:image/svg+xml;base64,') == 2
    assert 'alt="Weekly active people rose from 84 in the week of 29\u00a0Jun to 148' in document
    assert '<html lang="en">' in document
    assert "2026-10-06T08:00:00Z" in document
    assert "http" not in document
    assert "<details" not in document


def test_a_draft_in_print_has_no_date_of_its_own() -> None:
    assert "dcterms.created" not in render_document(BARE, WORDS)


def test_the_title_names_account_and_period() -> None:
    title = report_title(SNAPSHOT, WORDS)
    assert title == "Value report for Oskelund Foods, July\u2009–\u2009September 2026"


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_same_snapshot_is_the_same_page_as_kept(locale: str) -> None:
    """To keep a wanted change: delete the file and run this test twice."""
    body = str(render_body(SNAPSHOT, Words(locale, NullTranslations())))
    # The drawings have tests of their own.
    body = re.sub(r"<svg .*?</svg>", "<svg/>", body)
    kept = KEPT / f"body.{locale}.txt"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(body, "utf-8")
        pytest.fail(f"{kept.name} was not there; it is now, look at it.")
    assert body == kept.read_text("utf-8")
