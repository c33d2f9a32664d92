"""The list's filters, read from the address and written back into it."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal.domain.permissions import Role
from portal.services.users import SORTS, UserFilters

ROLES = [role for role in Role if role is not Role.VISITOR]


def filters_of(asked: Mapping[str, str]) -> UserFilters:
    """What is not known is left out, so that any address shows a list."""
    text, account = (
        asked.get(name, "").replace("\x00", "").strip()[:200] for name in ("q", "account")
    )
    role, state, sort = (asked.get(name, "") for name in ("role", "state", "sort"))
    return UserFilters(
        text=text,
        account_key=account,
        role=role if role in set(ROLES) else "",
        state=state if state in {"active", "inactive"} else "",
        sort=sort if sort in SORTS else "name",
        descending=asked.get("dir") == "down",
    )


class ListLinks:
    """Addresses of the list with one thing changed and all else kept."""

    def __init__(self, filters: UserFilters) -> None:
        self.filters = filters
        self.kept = {
            "q": filters.text,
            "account": filters.account_key,
            "role": filters.role,
            "state": filters.state,
            "sort": filters.sort,
            "dir": "down" if filters.descending else "",
        }

    def page(self, number: int) -> str:
        return self._url(page=str(number))

    def sort(self, name: str) -> str:
        """By the column; a second time the other way round."""
        again = name == self.filters.sort and not self.filters.descending
        return self._url(sort=name, dir="down" if again else "")

    def sorted(self, name: str) -> str:
        """ascending, descending or nothing: the column's aria-sort."""
        if name != self.filters.sort:
            return ""
        return "descending" if self.filters.descending else "ascending"

    def _url(self, **changed: str) -> str:
        parts: dict[str, Any] = {**self.kept, **changed}
        return url_for("admin_users.index", **{name: said for name, said in parts.items() if said})
