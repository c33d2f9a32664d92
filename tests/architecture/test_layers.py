"""Arrows point down only (ARCHITECTURE §1): this reads the imports of every module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "reports", "surveys")

# Module or package, and its layer; the longest name that fits decides.
PLACES = {
    "portal": "run",
    "portal.app": "run",
    "portal.appending": "records",
    "portal.appending_files": "records",
    "portal.appending_rows": "records",
    "portal.cli": "run",
    "portal.commands": "run",
    "portal.demo": "run",
    "portal.logging": "run",
    "portal.priority": "run",
    "portal.wsgi": "run",
    "portal.worker": "run",
    "portal.blueprints": "doors",
    "portal.jobs": "doors",
    "portal.web": "web",
    "portal.services": "services",
    "portal.usage": "usage",
    "portal.search": "search",
    "portal.journal": "records",
    "portal.models": "records",
    "portal.migrate": "records",
    "portal.revisions": "records",
    "portal.migrations": "records",
    "portal.quota_buckets": "records",
    "portal.row_security": "records",
    "portal.db": "records",
    "portal.shapes": "records",
    "portal.sqlite": "records",
    "portal.tenancy": "records",
    "portal.domain": "pure",
    "portal.config": "pure",
    "portal.locales": "pure",
    "reports": "pure",
    "surveys": "pure",
}
BELOW = {
    "pure": {"pure"},
    "records": {"records", "pure"},
    "usage": {"usage", "records", "pure"},
    "search": {"search", "records", "pure"},
    "services": {"services", "usage", "search", "records", "pure"},
    "web": {"web", "services", "usage", "search", "records", "pure"},
    "doors": {"doors", "web", "services", "usage", "search", "records", "pure"},
    "run": {"run", "doors", "web", "services", "usage", "search", "records", "pure"},
}
WITHOUT_FLASK = {"pure", "records", "usage", "search", "services"}
FLASK = ("flask", "flask_")
CLOCKS = {"now", "today", "utcnow"}
CLOCK_OWNERS = {"datetime", "date", "dt"}


def breaches(module: str, source: str) -> list[str]:
    """What a module's source does that its layer may not, each as `line: reason`."""
    layer = _layer(module)
    if layer is None:
        return [f"1: {module} stands in no layer: add it to PLACES or move it"]
    tree = ast.parse(source)
    found = [
        f"{line}: {layer} may not import {name}"
        for line, name in _imports(module, tree)
        if not _may_import(module, layer, name)
    ]
    if layer == "pure":
        found += [f"{line}: pure code reads no clock" for line in _clock_readings(tree)]
    return found


def _layer(module: str) -> str | None:
    name = module
    while name:
        # A new module directly below portal/ is not the start-up code: it must be placed by hand.
        if name in PLACES and not (name == "portal" and module != "portal"):
            return PLACES[name]
        name = name.rpartition(".")[0]
    return None


def _may_import(module: str, layer: str, name: str) -> bool:
    top = name.partition(".")[0]
    if top in PACKAGES:
        if _layer(name) not in BELOW[layer]:
            return False
        return not _are_siblings(module, name)
    if top.startswith(FLASK) and (top == "flask" or "_" in top):
        return layer not in WITHOUT_FLASK
    if top == "sqlalchemy":
        return layer != "pure"
    return not (top == "time" and layer == "pure")


def _are_siblings(module: str, name: str) -> bool:
    """Two features, or a page and a job: doors never go through each other."""
    mine, other = _feature(module), _feature(name)
    return mine is not None and other is not None and mine != other


def _feature(module: str) -> str | None:
    parts = module.split(".")
    if parts[:2] == ["portal", "jobs"]:
        return "jobs"
    return parts[2] if parts[:2] == ["portal", "blueprints"] and len(parts) > 2 else None


def _imports(module: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if _is_module(whole) or whole in PLACES else base


def _absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parent = module.split(".")[: -node.level]
    return ".".join([*parent, *([node.module] if node.module else [])])


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _clock_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else None
            owner = node.value.id if isinstance(node.value, ast.Name) else owner
            if owner in CLOCK_OWNERS:
                yield node.lineno


def _modules() -> list[Path]:
    found = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    return sorted(file for file in found if "versions" not in file.parts)


def _module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("file", _modules(), ids=_module_name)
def test_imports_point_down(file: Path) -> None:
    name = _module_name(file)
    module = f"{name}.__init__" if file.name == "__init__.py" and name != "portal" else name
    found = breaches(module, file.read_text(encoding="utf-8"))
    assert not found, "\n".join(f"{file.relative_to(ROOT)}:{breach}" for breach in found)


def test_every_package_was_read() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in _modules()} >= {"portal", "reports"}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("portal.services.adoption", "from portal.models.person import Person"),
        ("portal.services.adoption", "import sqlalchemy as sa\nfrom portal.usage import queries"),
        ("portal.blueprints.adoption.views", "from flask import g\nfrom portal.web import guards"),
        ("portal.blueprints.adoption.views", "from portal.blueprints.adoption import forms"),
        ("portal.domain.metrics", "from datetime import date\nfrom portal.domain import errors"),
        ("portal.domain.metrics", "def week(day: date) -> int:\n    return day.isocalendar().week"),
        ("portal.web.forms", "from flask_wtf import FlaskForm"),
        ("portal.cli", "from portal import create_app"),
        ("portal.usage.fold", "from portal.db import Database"),
        ("reports.charts", "from reports.model import Figure"),
    ],
)
def test_good_samples_pass(module: str, source: str) -> None:
    assert breaches(module, source) == []


@pytest.mark.parametrize(
    ("module", "source", "reason"),
    [
        ("portal.services.adoption", "from flask import g", "import flask"),
        ("portal.services.adoption", "def f():\n    import flask_babel", "import flask_babel"),
        ("portal.services.adoption", "from portal.web.guards import scope", "portal.web"),
        ("portal.services.adoption", "from portal import create_app", "import portal"),
        ("portal.models.person", "from portal.services import adoption", "portal.services"),
        ("portal.models.person", "from ..services import adoption", "portal.services"),
        ("portal.usage.fold", "import portal.search.analysis", "portal.search"),
        ("portal.usage.fold", "from portal.services import adoption", "portal.services"),
        ("portal.web.guards", "import portal.blueprints.home", "portal.blueprints"),
        ("portal.blueprints.home.views", "from portal.blueprints.desk import views", "desk"),
        ("portal.blueprints.home.views", "from portal.jobs import mail", "portal.jobs"),
        ("portal.jobs.mail", "from portal.blueprints.home import views", "portal.blueprints"),
        ("portal.domain.metrics", "from sqlalchemy import select", "import sqlalchemy"),
        ("portal.domain.metrics", "import time", "import time"),
        ("portal.domain.metrics", "day = datetime.now(UTC)", "clock"),
        ("portal.domain.metrics", "day = datetime.date.today()", "clock"),
        ("reports.pdf", "from portal.db import Database", "portal.db"),
        ("portal.somewhere", "", "no layer"),
    ],
)
def test_bad_samples_are_found(module: str, source: str, reason: str) -> None:
    found = breaches(module, source)
    assert len(found) == 1, found
    assert reason in found[0]
