"""Requests of many accounts, made up but the same each time: scenes of common and of rare words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from portal.db import Database
from portal.domain.requests import Kind, State
from portal.models import (
    Account,
    Request,
    RequestGrade,
    RequestVote,
    RequestWord,
    SharedRequest,
    SharedRequestText,
    SharedRequestWord,
    User,
    Vendor,
)
from portal.search.folding import fold
from portal.services.requests.words import words_of

AT_ONCE = 2_000
PEOPLE = 5
"""Of each account."""
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ro", "su")
COMMON = (
    *("report", "export", "approval", "invoice", "plant", "region", "manager", "filter", "list"),
    *("month", "budget", "order", "supplier", "deadline", "comment", "mail", "calendar"),
    *("dashboard", "permission", "holiday", "delegate", "integration", "search"),
)
TIERS = ("strategic", "standard", "basic")
STATES = {
    State.SUBMITTED: 30,
    State.CLARIFYING: 20,
    State.PLANNED: 15,
    State.IN_DEVELOPMENT: 8,
    State.RELEASED: 7,
    State.CONFIRMED: 12,
    State.DECLINED: 8,
}
UNHEARD = {State.SUBMITTED}
DUE = {State.SUBMITTED, State.CLARIFYING}


@dataclass
class Corpus:
    """`families`: how many shared requests; a sixth of the requests belongs to one."""

    requests: int
    accounts: int
    now: datetime
    families: int = 400
    random: Random = field(default_factory=lambda: Random(7))  # the same each time
    texts: list[str] = field(default_factory=list)
    shared_texts: list[str] = field(default_factory=list)

    def write(self, database: Database) -> None:
        with database.system() as connection:
            for model, rows in (
                (Vendor, [{"id": 1, "name": "Vendor", "time_zone": "UTC"}]),
                (Account, self._accounts()),
                (User, self._people()),
                (SharedRequest, self._shared()),
                (SharedRequestText, self._shared_texts()),
                (Request, self._requests()),
                (RequestVote, self._votes()),
                (RequestGrade, self._grades()),
                (RequestWord, self._words()),
                (SharedRequestWord, self._shared_words()),
            ):
                _write(connection, model, rows)

    @property
    def product(self) -> int:
        """The vendor's only person."""
        return self.accounts * PEOPLE + 1

    @property
    def busiest(self) -> int:
        """The account that has told the most."""
        told = Counter(self.account_of(number) for number in range(1, self.requests + 1))
        return told.most_common(1)[0][0]

    def person(self, account: int, number: int) -> int:
        return (account - 1) * PEOPLE + number % PEOPLE + 1

    def account_of(self, request: int) -> int:
        """A few accounts tell much, most of them little."""
        return request * request % (7 * self.accounts) % self.accounts + 1

    def scene(self) -> str:
        rare = ["".join(self.random.choices(SYLLABLES, k=3)) for _one in range(12)]
        common = self.random.choices(COMMON, weights=range(len(COMMON), 0, -1), k=24)
        words = [*rare, *common]
        self.random.shuffle(words)
        return " ".join(words)

    def _accounts(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.accounts + 1):
            yield {
                "id": number,
                "key": f"account-{number}",
                "name": f"Account {number}",
                "tier": TIERS[number % len(TIERS)],
                "arr": 1000 * number,
                "currency": "EUR",
                "created_at": self.now,
            }

    def _people(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.accounts * PEOPLE + 1):
            yield {
                **_user(number, "member" if number % PEOPLE else "champion", self.now),
                "account_id": (number - 1) // PEOPLE + 1,
            }
        yield {**_user(self.product, "product", self.now), "account_id": None}

    def _shared(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.families + 1):
            yield {
                "id": number,
                "key": f"shared-{number}",
                "code": f"S-{number}",
                "kind": Kind.NEED.value,
                "state": State.PLANNED.value,
                "people": number % 40 + 1,
                "accounts": number % 9 + 1,
                "published_at": self.now,
                "created_at": self.now,
                "updated_at": self.now,
            }

    def _shared_texts(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.families + 1):
            self.shared_texts.append(self.scene()[:100])
            yield {"shared_id": number, "locale": "en", "title": self.shared_texts[-1]}

    def _requests(self) -> Iterator[dict[str, Any]]:
        states = self.random.choices(list(STATES), weights=list(STATES.values()), k=self.requests)
        for number, state in enumerate(states, 1):
            scene, account = self.scene(), self.account_of(number)
            self.texts.append(scene)
            moment = self.now - timedelta(minutes=37 * number % 500_000)
            yield {
                "id": number,
                "key": f"request-{number}",
                "code": f"R-{number}",
                "account_id": account,
                "kind": Kind.NEED.value if number % 3 else Kind.QUESTION.value,
                "state": state.value,
                "title": scene[:80],
                "told": {"who": scene, "when": "Every month", "wants": scene[:60]},
                "text": fold(scene),
                "locale": "en",
                "effect": ("", "slows", "blocks")[number % 3],
                "requester_id": self.person(account, number),
                "assignee_id": self.product if number % 5 == 0 else None,
                "shared_id": number % self.families + 1 if number % 6 == 1 else None,
                "voters": number % 4 + 1,
                "created_at": moment,
                "updated_at": moment,
                "first_due_at": moment + timedelta(days=400) if state in UNHEARD else None,
                "next_due_at": moment + timedelta(days=400) if state in DUE else None,
            }

    def _votes(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.requests + 1):
            account = self.account_of(number)
            for one in range(number % 4 + 1):
                yield {
                    "account_id": account,
                    "request_id": number,
                    "user_id": self.person(account, number + one),
                    "at": self.now,
                }

    def _words(self) -> Iterator[dict[str, Any]]:
        for number, text in enumerate(self.texts, 1):
            told = {"account_id": self.account_of(number), "request_id": number}
            for word, count in words_of(text).items():
                yield {**told, "word": word, "count": count}

    def _shared_words(self) -> Iterator[dict[str, Any]]:
        for number, text in enumerate(self.shared_texts, 1):
            for word, count in words_of(text).items():
                yield {"shared_id": number, "word": word, "count": count}

    def _grades(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.requests + 1, 10):
            yield {
                "account_id": self.account_of(number),
                "request_id": number,
                "part": "fit",
                "value": number % 4,
                "at": self.now,
            }


def _user(number: int, role: str, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "key": f"user-{number}",
        "email": f"user-{number}@bench.example",
        "name": f"User {number}",
        "role": role,
        "fs_uniquifier": f"user-{number}",
        "confirmed_at": now,
        "created_at": now,
    }


def _write(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while part := list(islice(left, AT_ONCE)):
        connection.execute(insert(model), part)
