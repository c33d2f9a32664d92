"""Modules, industries and regions by the names that the vendor gave them. Template filter."""

from flask import Flask, g

from portal.domain.terms import TermKind, Terms
from portal.services.terms import read_terms
from portal.web.guards import db
from portal.web.locale import request_locale


def init_terms(app: Flask) -> None:
    app.jinja_env.filters["term"] = term_name


def terms() -> Terms:
    """Read once a request."""
    if "terms" not in g:
        g.terms = read_terms(db(), request_locale())
    kept: Terms = g.terms
    return kept


def term_name(key: str, kind: str) -> str:
    """`kind` is one of TermKind. Empty for an empty key."""
    return terms().name(TermKind(kind), key) if key else ""
