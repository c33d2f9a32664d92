"""House rules of style sheets, scripts, templates and vendored files, each read from the files."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from portal.web.assets import ROOT as STATIC
from portal.web.assets import fingerprint
from portal.web.navigation import CUSTOMER, VENDOR

ROOT = Path(__file__).parents[2]
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
# Mail clients read style attributes only; the sender's templates are not pages.
TEMPLATES = sorted(
    path
    for folder in (ROOT / "portal").rglob("templates")
    for path in folder.rglob("*.html")
    if "mail" not in path.parts
)
DRAWN = re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text())
# Where each macro takes the name of an icon.
ICON_ARGUMENT = {"icon": 0, "list_row": 0, "button": 2, "button_link": 3, "post_button": 3}

# JSON-LD is data: a browser runs nothing of it, and the policy that forbids scripts lets it be.
INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=)(?! type="application/ld\+json">)|<style"""
    r"""|\sstyle=|\son[a-z]+=["']|javascript:|hx-on"""
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color)\("
    r"|:\s*(?:white|black|gr[ae]y|red|green|blue|orange|yellow|purple)\b"
)
HOST = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+")
NAMESPACE = "http://www.w3.org/2000/svg"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def found(pattern: re.Pattern[str], path: Path) -> list[str]:
    text = re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return pattern.findall(text.replace(NAMESPACE, ""))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_holds_no_inline_script_or_style(path: Path) -> None:
    assert found(INLINE, path) == []


@pytest.mark.parametrize("bad", ["<p style='a'>", '<b onclick="x">', "<script>", "<style>"])
def test_rule_sees_what_is_inline(bad: str) -> None:
    assert INLINE.search(bad)


def test_rule_lets_data_be_and_nothing_that_looks_like_it() -> None:
    assert not INLINE.search('<script type="application/ld+json">')
    assert INLINE.search('<script type="application/ld+json" onload="x">')
    assert INLINE.search('<script type="module">')


@pytest.mark.parametrize("path", [path for path in SHEETS if path.stem != "tokens"], ids=name)
def test_colours_stand_in_the_tokens_alone(path: Path) -> None:
    assert found(COLOUR, path) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_names_no_colour(path: Path) -> None:
    assert re.findall(r'(?:fill|stroke|color)="(?:#|rgb)', path.read_text()) == []


@pytest.mark.parametrize(
    "path", [*SHEETS, *SCRIPTS, *TEMPLATES, *(STATIC / "img").iterdir()], ids=name
)
def test_nothing_comes_from_another_host(path: Path) -> None:
    assert found(HOST, path) == []


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_style_sheet_is_short_and_in_a_layer(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) < 300
    assert "@layer" in text


def test_only_hidden_is_important() -> None:
    forced = [path.stem for path in SHEETS for _found in found(re.compile("!important"), path)]
    assert forced == ["base"]


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_is_one_short_behaviour(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) < 60
    assert lines[0].startswith("// ")


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_stands_alone(path: Path) -> None:
    """Joined, each is in braces: what it imports or exports would be lost."""
    assert re.findall(r"^(?:import|export)\b", path.read_text(), flags=re.MULTILINE) == []


def test_file_that_a_sheet_names_carries_its_hash() -> None:
    named = [one for path in SHEETS for one in re.findall(r'url\("([^"]+)"\)', path.read_text())]
    assert named
    for address in named:
        path, _mark, version = address.removeprefix("../").partition("?v=")
        assert version == fingerprint(path)


def hashes() -> list[tuple[str, str]]:
    lines = (STATIC / "vendor/HASHES").read_text().splitlines()
    return [(line.split()[0], line.split()[1]) for line in lines]


@pytest.mark.parametrize(("path", "expected"), hashes())
def test_vendored_file_is_the_one_we_looked_at(path: str, expected: str) -> None:
    body = (STATIC / "vendor" / path).read_bytes()
    digest = base64.b64encode(hashlib.sha384(body).digest()).decode()
    assert f"sha384-{digest}" == expected
    assert any(f'integrity="{expected}"' in one.read_text() for one in TEMPLATES)
    assert (STATIC / "vendor" / path).with_name("LICENSE").read_text()


def test_every_vendored_script_has_its_hash() -> None:
    folder = STATIC / "vendor"
    scripts = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.js"))
    assert scripts == sorted(path for path, _hash in hashes())


def test_font_carries_its_licence() -> None:
    assert "SIL Open Font License" in (STATIC / "fonts/Inter-OFL.txt").read_text(encoding="utf-8")


def icons_of(path: Path) -> Iterator[str]:
    parser = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for call in parser.parse(path.read_text()).find_all(nodes.Call):
        place = ICON_ARGUMENT.get(getattr(call.node, "name", ""))
        given = [value.value for value in call.kwargs if value.key == "icon_name"]
        if place is not None and len(call.args) > place:
            given.append(call.args[place])
        yield from (one.value for one in given if isinstance(one, nodes.Const) and one.value)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_is_drawn(path: Path) -> None:
    assert set(icons_of(path)) <= set(DRAWN)


def test_every_place_has_a_drawn_icon() -> None:
    assert {place.icon for place in (*CUSTOMER, *VENDOR)} <= set(DRAWN)


def test_icons_are_found_where_macros_take_them(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{{ icon('none') }}{{ button('Save', 'first', 'no-such') }}")
    assert list(icons_of(page)) == ["none", "no-such"]
