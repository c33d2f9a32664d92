"""What templates and code say to a reader goes through gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.translations.catalogues import ROOT

# The style guide's samples are invented, in English, and so are not translated.
SAMPLES = ROOT / "portal" / "templates" / "design"
TEMPLATES = sorted(
    path
    for place in ("portal", "reports")
    for path in (ROOT / place).rglob("templates/**/*")
    if path.suffix in {".html", ".txt"} and path.parent != SAMPLES
)
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title"} | {
    *(
        "data-confirm",
        "data-confirm-detail",
        "data-confirm-yes",
        "data-done",
        "data-said",
        "data-label",
    )
}
# Names of keys, formats and makers are the same in every language.
NAMES = frozenset({"PDF", "CSV", "Paceline", "Segment", "Enter", "Esc", "ID"})
WORD = re.compile(r"[A-Za-z]{2,}")
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# Words that code says by passing them on: here the first argument is what a reader sees.
SAYS = {"flash": 0, "Explained": 0}


class Visible(HTMLParser):
    """Collects text between tags and in attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in {"code", "style", "script"}
        self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.said.append(data)


def _parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def _literal_text(path: Path) -> str:
    """The template's own text, with a mark where a value is put in. Block `wrap` names classes."""
    tree = _parsed(path)
    classes = [block for block in tree.find_all(nodes.Block) if block.name == "wrap"]
    named = {id(output) for block in classes for output in block.find_all(nodes.Output)}
    pieces = [
        piece.data if isinstance(piece, nodes.TemplateData) else "\0"
        for output in tree.find_all(nodes.Output)
        if id(output) not in named
        for piece in output.nodes
    ]
    return "".join(pieces)


def _words(path: Path) -> list[str]:
    if path.suffix == ".txt":
        return [_literal_text(path)]
    page = Visible()
    page.feed(_literal_text(path))
    page.close()
    return page.said


def _untranslated(said: str) -> list[str]:
    return [word for word in WORD.findall(said) if word not in NAMES]


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_place)
def test_no_words_stand_in_a_template_outside_of_gettext(path: Path) -> None:
    found = [said.strip() for said in _words(path) if _untranslated(said)]
    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=_place)
def test_no_words_are_handed_to_a_component_as_they_are(path: Path) -> None:
    found = [said for said in _handed_over(path) if _sentence(said) and _untranslated(said)]
    assert not found


def _handed_over(path: Path) -> Iterator[str]:
    """Strings that are arguments of calls other than gettext's."""
    for call in _parsed(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT:
            continue
        given = [*call.args, *(pair.value for pair in call.kwargs)]
        constants = (one.value for one in given if isinstance(one, nodes.Const))
        yield from (value for value in constants if isinstance(value, str))


def _sentence(said: str) -> bool:
    """Not an id, a class or the name of an icon."""
    return bool(re.match(r"[A-Z][a-z]", said)) or (" " in said.strip() and said[:1].isupper())


def test_the_templates_are_found() -> None:
    """And the search sees words where there are some."""
    assert len(TEMPLATES) > 50
    page = Visible()
    page.feed('<p aria-label="Not said">\0 of words</p><code>make test</code>')
    assert [said for said in page.said if _untranslated(said)] == ["Not said", "\0 of words"]


@pytest.mark.parametrize("path", sorted((ROOT / "portal").rglob("*.py")), ids=_place)
def test_code_says_nothing_untranslated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        ast.unparse(call)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _says_literally(call)
    ]
    assert not found


def _says_literally(call: ast.Call) -> bool:
    at = SAYS.get(call.func.id, -1) if isinstance(call.func, ast.Name) else -1
    return 0 <= at < len(call.args) and isinstance(call.args[at], ast.Constant | ast.JoinedStr)
