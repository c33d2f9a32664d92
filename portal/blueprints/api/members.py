"""The members of one JSON object, each read strictly; all that is wrong is said at once."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from portal.blueprints.api.body import read_body
from portal.blueprints.api.items import refuse_wrong
from portal.domain.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)


class Members:
    """`known` are the members that there are."""

    def __init__(self, body: Any, known: Collection[str]) -> None:
        if not isinstance(body, dict):
            raise Invalid("Send a JSON object.", code="no-object")
        self._given: dict[str, Any] = body
        self.wrong: dict[str, str] = {}
        for name in sorted(set(body) - set(known))[:1]:
            self.wrong[name[:40]] = f"is unknown; known are {', '.join(sorted(known))}"

    def text(self, name: str, most: int, *, needed: bool = False) -> str:
        """Without spaces around it; empty where it is missing or null."""
        given = self._given.get(name)
        if given is None:
            given = ""
        if not isinstance(given, str):
            self.wrong[name] = "is a text"
            return ""
        text = given.strip()
        if needed and not text:
            self.wrong[name] = "is needed"
        elif len(text) > most:
            self.wrong[name] = f"is at most {most} characters long"
        elif "\x00" in text:
            self.wrong[name] = "holds a character that no text has"
        return text

    def choice(self, name: str, of: type[Choice], usual: Choice | None = None) -> Choice | None:
        """Without `usual` it is needed."""
        given = self._given.get(name)
        if given is None and usual is not None:
            return usual
        if isinstance(given, str) and given in set(of):
            return of(given)
        self.wrong[name] = f"is one of {', '.join(of)}"
        return usual

    def whole(self, name: str, most: int) -> int | None:
        """A whole number from 0, or None where it is missing."""
        given = self._given.get(name)
        if given is None:
            return None
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= most:
            return given
        self.wrong[name] = f"is a whole number from 0 to {most}"
        return None

    def texts(self, name: str, *, needed: bool = True) -> dict[str, str]:
        """An object of texts; which members it has, its reader knows."""
        given = self._given.get(name)
        if given is None and not needed:
            return {}
        if isinstance(given, Mapping) and all(isinstance(one, str) for one in given.values()):
            for member, text in given.items():
                if "\x00" in text:
                    self.wrong[f"{name}.{member[:40]}"] = "holds a character that no text has"
            return {str(key): str(text) for key, text in given.items()}
        self.wrong[name] = "is an object of texts"
        return {}

    def refuse(self, name: str, said: str) -> None:
        self.wrong.setdefault(name, said)

    def check(self) -> None:
        """Raises Invalid where something is wrong."""
        refuse_wrong(self.wrong)


def read_members(known: Collection[str]) -> Members:
    """Of the body that was sent. Raises DomainError (400) and Invalid."""
    return Members(read_body(), known)
