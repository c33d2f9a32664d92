"""What we use of Flask-Babel, which carries no types."""

from collections.abc import Callable

from flask import Flask

class Babel:
    def __init__(
        self, app: Flask | None = None, *, locale_selector: Callable[[], str | None] | None = None
    ) -> None: ...


def gettext(message: str, /, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: float, /, **variables: object) -> str: ...
def lazy_gettext(message: str, /, **variables: object) -> str: ...
