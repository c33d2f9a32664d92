"""Addresses of an account's adoption, the same pages on both sides."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.web.guards import scope


class Links:
    def __init__(self, account_key: str) -> None:
        self._vendor = scope().role.side == "vendor"
        self._key = account_key

    def page(self, **query: str) -> str:
        return self._url("adoption.show", "adoption.of_account", query)

    def people(self, **query: str) -> str:
        return self._url("adoption.people", "adoption.people_of_account", query)

    def retention(self, **query: str) -> str:
        return self._url("adoption.retention", "adoption.retention_of_account", query)

    def lifecycle(self, **query: str) -> str:
        return self._url("adoption.lifecycle", "adoption.lifecycle_of_account", query)

    def csv(self, what: str, **query: str) -> str:
        return self._url("adoption.csv", "adoption.csv_of_account", {"what": what, **query})

    def tabs(self) -> list[dict[str, object]]:
        """The views of one account's adoption, the one of this request marked."""
        views = (
            (_("Overview"), self.page()),
            (_("Retention"), self.retention()),
            (_("Coming and going"), self.lifecycle()),
        )
        return [
            {"label": label, "url": url, "current": url == request.path} for label, url in views
        ]

    def _url(self, own: str, of_account: str, query: Mapping[str, Any]) -> str:
        if self._vendor:
            return url_for(of_account, account_key=self._key, **query)
        return url_for(own, **query)
