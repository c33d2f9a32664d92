"""What a web process works out once, done before it answers: else whoever comes first waits for
it, and the figures of a large account are wait enough.
"""

import gc

from flask import Flask
from jinja2 import Environment, meta
from sqlalchemy.orm import configure_mappers

from portal.web.unchanged import release

PAGES = ("customer.html", "vendor.html", "adoption/framed.html", "adoption/show.html")
"""The frames, and the page that has most to read beside its own text."""


def read_ahead(app: Flask) -> None:
    """What is there by then stays: Python need not look through it for what nobody holds any more,
    which took a fifth of a second in the midst of some request.
    """
    configure_mappers()
    release()
    for name in sorted(templates_of(app.jinja_env, PAGES)):
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()


def templates_of(environment: Environment, pages: tuple[str, ...]) -> set[str]:
    """The pages' own and all that these extend, include and import by name."""
    found: set[str] = set()
    left = list(pages)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += _named_in(environment, name)
    return found


def _named_in(environment: Environment, name: str) -> list[str]:
    if environment.loader is None:
        return []
    text, _file, _is_fresh = environment.loader.get_source(environment, name)
    named = meta.find_referenced_templates(environment.parse(text))
    return [one for one in named if one is not None]
