"""Addresses of an account's adoption, the same pages on both sides."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.services.accounts import AccountHead, account_head
from portal.services.adoption import last_full_day
from portal.web.adoption.span import Span, read_span
from portal.web.clock import request_time
from portal.web.guards import db, scope

Address = Callable[..., str]


class Links:
    def __init__(self, account_key: str) -> None:
        self._vendor = scope().role.side == "vendor"
        self._key = account_key

    def page(self, **query: str) -> str:
        return self._url("adoption.show", "adoption.of_account", query)

    def people(self, **query: str) -> str:
        return self._url("adoption.people", "adoption.people_of_account", query)

    def teams(self, **query: str) -> str:
        return self._url("adoption.teams", "adoption.teams_of_account", query)

    def team(self, **query: str) -> str:
        return self._url("adoption.team", "adoption.team_of_account", query)

    def retention(self, **query: str) -> str:
        return self._url("adoption.retention", "adoption.retention_of_account", query)

    def lifecycle(self, **query: str) -> str:
        return self._url("adoption.lifecycle", "adoption.lifecycle_of_account", query)

    def online(self, **query: str) -> str:
        return self._url("adoption.online", "adoption.online_of_account", query)

    def integrations(self, **query: str) -> str:
        return self._url("adoption.integrations", "adoption.integrations_of_account", query)

    def targets(self, **query: str) -> str:
        return self._url("adoption.targets", "adoption.targets_of_account", query)

    def steps(self) -> str:
        return self._url("adoption.steps", "adoption.steps_of_account", {})

    def target_new(self) -> str:
        return url_for("adoption.target_new", account_key=self._key)

    def target(self, key: str) -> str:
        return url_for("adoption.target_edit", account_key=self._key, key=key)

    def target_removal(self, key: str) -> str:
        return url_for("adoption.target_remove", account_key=self._key, key=key)

    def csv(self, what: str, **query: str) -> str:
        return self._url("adoption.csv", "adoption.csv_of_account", {"what": what, **query})

    def tabs(self) -> list[dict[str, object]]:
        """The views of one account's adoption, the one of this request marked."""
        views = (
            (_("Overview"), self.page()),
            (_("Targets and peers"), self.targets()),
            (_("Teams"), self.teams()),
            (_("Retention"), self.retention()),
            (_("Coming and going"), self.lifecycle()),
            (_("Time online"), self.online()),
            (_("Integrations"), self.integrations()),
        )
        return [
            {"label": label, "url": url, "current": request.path in {url, url.removesuffix("s")}}
            for label, url in views
        ]

    def _url(self, own: str, of_account: str, query: Mapping[str, Any]) -> str:
        if self._vendor:
            return url_for(of_account, account_key=self._key, **query)
        return url_for(own, **query)


def read_question(account_key: str) -> tuple[AccountHead, Span]:
    """Which account and which days. Raises NotFound and Invalid."""
    head = account_head(db(), account_key)
    return head, read_span(request.args, last_full_day(head.time_zone, request_time()))
