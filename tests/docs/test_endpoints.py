"""Addresses: those named are answered, those that are answered have a row with who may ask."""

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect, Rule

from portal.app import create_app
from portal.config import read_settings
from portal.db import Database
from portal.web.guards import guard_of
from tests.docs.reading import all_code, documents

ADDRESS = re.compile(r"(?:^(?:[A-Z]+ )?|https?://[\w.:-]+)(/[\w/.<>:{}-]*)(?=[?# \"'\\]|$)")
# A row without words in its last cell counts as none.
ROW = re.compile(r"^\| `([A-Z, ]+) (/[^`]*)` \| ([^|]+) \| [^ |]", re.MULTILINE)
SILENT = {"HEAD", "OPTIONS"}
# Places of the file system, not of the portal.
FILES = ("/usr/", "/run/", "/srv/", "/etc/", "/path/")


@pytest.fixture(scope="module")
def docs_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("docs")
    environ = {"PACELINE_ENVIRONMENT": "test", "PACELINE_DATA_DIR": str(folder)}
    settings = read_settings(environ)
    return create_app(settings, Database(settings.database))


def _row(app: Flask, rule: Rule) -> tuple[str, str, str]:
    """Methods, address and guard, as a table row tells them."""
    methods = ", ".join(sorted((rule.methods or set()) - SILENT))
    return methods, rule.rule, str(guard_of(app.view_functions[rule.endpoint]))


def _line(app: Flask, rule: Rule) -> str:
    """The row that is wanted, with the view's own first sentence."""
    methods, address, guard = _row(app, rule)
    said = (app.view_functions[rule.endpoint].__doc__ or "").strip().partition("\n")[0]
    return f"| `{methods} {address}` | {guard} | {said} |"


def _written_rows() -> set[tuple[str, str, str]]:
    found = (row for document in documents() for row in ROW.findall(document.text))
    return {(methods.strip(), address, guard.strip()) for methods, address, guard in found}


def _named() -> list[tuple[str, str]]:
    found = ((name, ADDRESS.search(code)) for name, code in all_code())
    named = {(name, match.group(1)) for name, match in found if match}
    return sorted((name, path) for name, path in named if not path.startswith(FILES))


def _is_answered(app: Flask, address: str) -> bool:
    if any(rule.rule == address for rule in app.url_map.iter_rules()):
        return True
    filled = re.sub(r"<[^>]*>|\{[^}]*\}", "1", address)
    try:
        app.url_map.bind("localhost").match(filled, method="GET")
    except NotFound:
        return False
    except (MethodNotAllowed, RequestRedirect):
        return True
    return True


def test_every_endpoint_has_a_row(docs_app: Flask) -> None:
    written = _written_rows()
    rules = sorted(docs_app.url_map.iter_rules(), key=lambda rule: rule.rule)
    lacking = [_line(docs_app, rule) for rule in rules if _row(docs_app, rule) not in written]
    assert not lacking, "Add to docs/endpoints.md:\n" + "\n".join(lacking)


def test_every_row_is_an_endpoint(docs_app: Flask) -> None:
    live = {_row(docs_app, rule) for rule in docs_app.url_map.iter_rules()}
    assert _written_rows() - live == set()


@pytest.mark.parametrize(("document", "address"), _named())
def test_a_named_address_is_answered(docs_app: Flask, document: str, address: str) -> None:
    assert _is_answered(docs_app, address), f"{document} names {address}"


def test_files_that_are_linked_exist() -> None:
    root = Path(__file__).parents[2]
    for document in documents():
        folder = root if (root / document.name).exists() else root / "docs"
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.text):
            assert (folder / target).exists(), f"{document.name} links {target}"
