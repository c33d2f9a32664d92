"""Texts of authors: what comes out is safe, and nothing that goes in takes long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import markdown_text
from portal.domain.errors import Invalid
from portal.domain.knowledge_files import Pixels, file_address, file_key, keys_in, size_of
from portal.domain.markdown_text import LARGEST, link_trouble, preview, render

BOMBS = {
    "links": "[a](" * 5000,
    "links with titles": '[a](b "' * 3000,
    "brackets": "[" * 20_000,
    "images": "![a](" * 5000,
    "references": "[a][b]" * 5000,
    "lists in lists": "- " * 3000,
    "numbers in numbers": "1. " * 3000,
    "indented lists": "".join(f"{' ' * depth}- a\n" for depth in range(300)),
    "tabs": "".join("\t" * depth + "- a\n" for depth in range(200)),
    "quotes": "> " * 3000,
    "quotes without spaces": ">" * 3000,
    "emphasis": "*a **b " * 5000,
    "stars": "*" * 60_000,
    "underscores": "__a _b " * 5000,
    "ticks": "`" * 20_000,
    "backslashes": "\\" * 30_000,
    "headings": "# a\n" * 5000,
    "underlined headings": "a\n=\n" * 5000,
    "admonitions": "!!! note\n    " * 3000,
    "entities": "&#1" * 10_000,
    "tags": "<a " * 10_000,
    "size": "word " * 20_000,
    "open brackets in links": ("[a](" + "(" * 100) * 499,
    "pipes": "|a" * 30_000,
    "a long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5000,
    "a wide table": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + ("\n|" + "1|" * 2000) * 12,
    "lines": "a\n" * 30_000,
    "lines that break": "a  \n" * 15_000,
    "paragraphs": "a\n\n" * 20_000,
    "items": "- a\n" * 15_000,
    "numbers": "1. a\n" * 12_000,
    "quotes beside each other": "> a\n\n" * 12_000,
    "callouts": "> [!NOTE]\n> a\n\n" * 3000,
    "a control character": "a\x02wzxhzdk:0\x03",
    "a lone surrogate": "a\ud800",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_by_name(bomb: str) -> None:
    with pytest.raises(Invalid) as refusal:
        render(BOMBS[bomb])
    assert "body" in refusal.value.fields


ALLOWED_BUT_HEAVY = {
    "as many links as may be": "[a](/b) " * 500,
    "as many brackets as may be": "[" * 500,
    "as many emphases as may be": "*a* " * 1500,
    "a long line": "字" * 20_000,
    "a long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 1600,
    "a wide table": "|" + "a|" * 1200 + "\n|" + "-|" * 1200 + ("\n|" + "1|" * 1200) * 2,
    "many short lines": "a\n" * 4000,
    "many items": "- a\n" * 1500,
    "many callouts": "> [!NOTE]\n> a\n\n" * 450,
    "pipes": "|a" * 5000,
    "a list in a line": "- a " * 3000,
}


@pytest.mark.parametrize("heavy", ALLOWED_BUT_HEAVY)
def test_what_the_caps_allow_is_rendered(heavy: str) -> None:
    body = ALLOWED_BUT_HEAVY[heavy]
    assert len(body.encode()) <= LARGEST
    assert render(body).text


@given(st.text(alphabet="[]()*_`\\<>&!#-+=|:1. \n\tab字\"'", max_size=400))
def test_any_text_is_rendered_or_refused(body: str) -> None:
    try:
        page = render(body)
    except Invalid:
        return
    assert not re.search(
        r"<(script|style|iframe|svg|form|input)\b|<img[^>]*src=|\son\w+=|style=", page.html
    )


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<div style="position:fixed">x</div>',
    "<svg/onload=alert(1)>",
    "a <b onclick=x>b</b>",
    "<table><tr><td colspan=100000>x</td></tr></table>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_raw_html_is_shown_as_text(attack: str) -> None:
    html = render(attack).html
    assert "&lt;" in html
    assert not re.search(r"<(script|img|a|div|svg|b|td)\b", html)


FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    # Markdown takes each second one away.
    "\\\\\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "evil.example",
    "../secrets",
    "",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_links_to_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(Invalid, match="link"):
        render(f"[words]({address})")


@pytest.mark.parametrize("address", ["/\t/evil.example", " //evil.example", "java\nscript:x"])
def test_links_are_read_as_a_browser_reads_them(address: str) -> None:
    assert link_trouble(address) is not None


@pytest.mark.parametrize(
    "address", ["/knowledge/x", "#s-effect", "https://example.com/a?b=c", "mailto:a@example.com"]
)
def test_good_links_stay(address: str) -> None:
    assert render(f"[words]({address})").links == (address,)


def test_mail_addresses_in_angle_brackets_become_links() -> None:
    assert render("<mara@example.com>").links == ("mailto:mara@example.com",)


@pytest.mark.parametrize("body", ["# Title\n\nText.", "Title\n=====\n\nText."])
def test_the_title_is_the_only_first_heading(body: str) -> None:
    with pytest.raises(Invalid, match="first-level"):
        render(body)


KEY = file_key("0123456789" * 6 + "abcd", Pixels(800, 600))
IMAGE = file_address(KEY)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/static/x.png",
            "https://evil.example/x.png",
            "//evil.example/x.png",
            "data:image/png,x",
        ),
        *(f"https://evil.example{IMAGE}", f"{IMAGE}?x", f"/x{IMAGE}", IMAGE.replace("800", "0")),
        *(IMAGE.replace(".webp", ".svg"), "/knowledge/files/../../etc/passwd", ""),
    ],
)
def test_images_from_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(Invalid, match="uploaded"):
        render(f"![chart]({address})")
    page, troubles = preview(f"![chart]({address})")
    assert "src=" not in page.html
    assert [one.code for one in troubles] == ["foreign-image"]


def test_an_image_stands_with_its_size_and_caption() -> None:
    page = render(f'![Two bars]({IMAGE} "Before and after")')
    assert page.images == ((IMAGE, "Two bars"),)
    for part in ('width="800"', 'height="600"', 'loading="lazy"', 'class="picture"'):
        assert part in page.html
    assert "<figcaption>Before and after</figcaption>" in page.html
    assert keys_in(page.html) == {KEY}
    assert size_of(KEY) == (800, 600)


def test_an_image_without_words_is_no_text_for_readers() -> None:
    with pytest.raises(Invalid, match="cannot see"):
        render(f"![ ]({IMAGE})")
    assert [one.about for one in preview(f"![]({IMAGE})")[1]] == [IMAGE]


def test_keys_are_found_whole_or_not_at_all() -> None:
    assert keys_in(f"a {IMAGE}) b {IMAGE}") == {KEY}
    assert keys_in(f"{IMAGE}.exe {IMAGE}-1 /knowledge/files/abc") == frozenset()


def test_a_draft_is_shown_with_all_that_is_wrong() -> None:
    page, troubles = preview("# Title\n\n[a](//evil.example) [b](javascript:x)\n\nWords.")
    assert [one.code for one in troubles] == ["first-heading", "bad-link", "bad-link"]
    assert "Words." in page.html
    assert "evil" not in page.html
    assert "javascript" not in page.html


CALLOUTS = {
    "> [!WATCH]\n> Words.": ("watch", "Watch out"),
    "> [!risk] Own title\n> Words.": ("risk", "Own title"),
    "> [!TIP]\n>\n> Words.": ("good", "Good to know"),
    "> [!unheard-of]\n> Words.": ("note", "Note"),
    "> [!GOOD]- Closed\n> Words.": ("good", "Closed"),
    '!!! warning "Mind"\n    Words.': ("watch", "Mind"),
}


@pytest.mark.parametrize("body", CALLOUTS)
def test_callouts_say_their_kind_in_words(body: str) -> None:
    kind, title = CALLOUTS[body]
    html = render(body).html
    assert f'<div class="callout {kind}" role="note">' in html
    assert f'<p class="callout-title">{title}</p>' in html
    assert "<p>Words.</p>" in html


def test_callouts_speak_the_language_of_the_text() -> None:
    assert "注意" in render("> [!WATCH]\n> 词", "zh-Hans").html
    assert "風險" in render("> [!RISK]\n> 詞", "zh-Hant").html


def test_a_video_is_a_card_that_loads_nothing() -> None:
    html = render('[Set a delegate](https://vimeo.com/12 "4:30")').html
    assert '<p class="video"><a href="https://vimeo.com/12" rel="noreferrer noopener">' in html
    assert "<b>Set a delegate</b> <span>Vimeo · 4:30</span>" in html
    for other in (
        "See [it](https://vimeo.com/1)",
        "[it](https://vimeo.com.evil.example/1)",
        "[it](http://vimeo.com/1)",
        "[it](https://[x/1)",
    ):
        assert "video" not in preview(other)[0].html


def test_ticked_lists_and_speakers() -> None:
    html = render("- [ ] One\n- [x] **Two**\n\n> Said.\n>\n> — Pernille Holt").html
    assert '<ul class="ticks">\n<li class="open">One</li>\n<li class="done">' in html
    assert "<footer>Pernille Holt</footer>" in html
    assert 'class="dash"' in render("- [ ] One\n- Two").html


BODY = """## Method

1. **First**. See [the guide](/knowledge/guide).
2. Second.

## Effect & more

| Measure | Before | After |
| --- | --- | --- |
| Waiting time | 41 h | 9 h |
| Late | 14 % | 6 % |

> Said by somebody.

!!! note "Mind"
    The clock.

- One
- Two

    code
"""


def test_a_page_has_the_shape_of_our_components() -> None:
    page = render(BODY)
    assert page.outline == [["s-method", "Method"], ["s-effect-more", "Effect & more"]]
    assert page.comparison == [
        ["Measure", "Before", "After"],
        ["Waiting time", "41 h", "9 h"],
        ["Late", "14 %", "6 %"],
    ]
    for part in (
        '<ol class="steps">',
        '<ul class="dash">',
        '<div class="scroll" tabindex="0">',
        '<table class="table">',
        '<th class="num" scope="col">Before</th>',
        '<blockquote class="quote">',
        'class="callout note"',
        '<h2 id="s-effect-more">',
    ):
        assert part in page.html


def test_the_text_for_search_has_words_only() -> None:
    text = render(BODY).text
    assert "First. See the guide.\n" in text
    assert "Effect & more:\n" in text
    assert render("## Why?\n\nBecause.").text == "Why?\nBecause."
    assert not re.search(r"[<>*#|]|&amp;", text)


def test_a_table_of_words_is_no_comparison() -> None:
    body = "| Situation | Use | Returns |\n| --- | --- | --- |\n| Leaver | Hand-over | No |"
    assert render(body).comparison == []


def test_headings_in_chinese_have_anchors_of_their_own() -> None:
    assert [one[0] for one in render("## 效果\n\n## 效果").outline] == ["s-效果", "s-效果_1"]


class Overflowing:
    def convert(self, _body: str) -> str:
        raise RecursionError


def test_a_parser_that_overflows_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_text, "_parser", lambda _locale: Overflowing())
    with pytest.raises(Invalid, match="nested"):
        render("words")


class Careless:
    def convert(self, _body: str) -> str:
        return '<p onclick="x()"><a href="https://example.com" style="x">words</a><i>bold</i></p>'


def test_the_sanitiser_stands_behind_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_text, "_parser", lambda _locale: Careless())
    assert render("words").html == '<p><a href="https://example.com">words</a>bold</p>'
    # And behind the rules for links.
    monkeypatch.setattr(markdown_text, "_troubles", lambda _page: ())
    monkeypatch.setattr(Careless, "convert", lambda *_: '<a href="//evil.example">words</a>')
    assert render("words").html == "<a>words</a>"
