"""Messages are collected by the names of the functions that mark them."""

import ast
from pathlib import Path

from scripts.messages import KEYWORDS

ROOT = Path(__file__).parents[2]
COLLECTED = {keyword.partition(":")[0] for keyword in KEYWORDS}


def test_what_marks_a_message_is_collected_under_the_name_it_has_there() -> None:
    names = {
        (file.relative_to(ROOT).as_posix(), one.asname or one.name)
        for file in (ROOT / "portal").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
        for one in node.names
        if one.name.endswith("gettext")
    }
    assert len(names) > 100
    assert {one for one in names if one[1] not in COLLECTED} == set()
