"""Archived events as the fold takes them, and as nobody's."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from portal.domain.event_rules import variant
from portal.usage import archive_values
from portal.usage.archive_values import (
    APP,
    CHANNEL,
    INTEGRATION,
    OTHERS,
    SECONDS,
    TYPE,
    seconds_at,
    text_of,
    value_of,
)
from portal.usage.archived import Archived, Path, Values
from portal.usage.conditions import Conditions
from portal.usage.days import Numbers
from portal.usage.message import CALLS, Context, integration_of
from portal.usage.messages import Flags, Messages


def messages_of(events: Archived, conditions: Conditions) -> Messages:
    """Their hashes and days are 0: nobody has to know them again."""
    nothing = np.zeros(events.at.size, np.int64)
    call = _calls(events)
    integrations, integration = _integrations(events, call)
    names, name = _names(events, conditions)
    return Messages(
        persons=events.persons,
        names=names,
        groups=[""],
        integrations=integrations,
        anonymous=0,
        row=nothing,
        place=np.arange(events.at.size),
        joins=nothing.astype(bool),
        at=events.at,
        bucket=nothing,
        identity=nothing.astype(np.uint64),
        person=events.person,
        name=name,
        group=nothing,
        later=nothing,
        call=call,
        integration=integration,
        milliseconds=events.milliseconds,
    )


def _calls(events: Archived) -> Flags:
    channels = events.texts(CHANNEL)
    values = [value_of(text) for text in channels.texts]
    are_calls = [isinstance(value, str) and value in CALLS for value in values]
    return np.array(are_calls, bool)[channels.codes]


def _integrations(events: Archived, call: Flags) -> tuple[list[str], Numbers]:
    """The texts, number 0 being none."""
    named, app = events.texts(INTEGRATION), events.texts(APP)
    both, code = np.unique(named.codes << 32 | app.codes, return_inverse=True)
    texts = [""]
    numbers = []
    for one in both.tolist():
        context = Context(app=value_of(app.texts[one & 0xFFFFFFFF]))
        texts.append(integration_of(value_of(named.texts[one >> 32]), context))
        numbers.append(len(texts) - 1 if texts[-1] else 0)
    return texts, np.where(call, np.array([*numbers, 0], np.int64)[code], 0)


def _names(events: Archived, conditions: Conditions) -> tuple[list[str], Numbers]:
    """Those under which events count, by the conditions that they meet."""
    found = ((number, conditions.fitting(name)) for number, name in enumerate(events.names))
    fitting = [(number, rules) for number, rules in found if rules]
    if not fitting:
        return events.names, events.name
    names, name = list(events.names), events.name.copy()
    numbers = {text: number for number, text in enumerate(names)}
    for number, rules in fitting:
        where = np.flatnonzero(events.name == number)
        members = {rule.text.member for rule in rules}
        asked = members | {one.split(".")[0] for one in members}
        for same, properties in _alike(events, where, asked):
            counted = variant(names[number], conditions.met_by(rules, properties))
            if counted not in numbers:
                numbers[counted] = len(names)
                names.append(counted)
            name[same] = numbers[counted]
    return names, name


def _alike(
    events: Archived, where: Numbers, asked: AbstractSet[str]
) -> Iterator[tuple[Numbers, dict[str, Any]]]:
    """The events at these positions by what they say of the properties asked for."""
    paths = [path for one in sorted(asked) if (path := ("properties", one)) in events.values]
    paths += [OTHERS] if OTHERS in events.values else []
    # How long a stay was stands in a column of its own.
    same = np.unique(events.milliseconds[where] * (SECONDS[1] in asked), return_inverse=True)[1]
    for path in paths:
        codes = events.values[path].codes[where]
        same = np.unique(same << 32 | codes, return_inverse=True)[1]
    for one in range(int(same.max(initial=-1)) + 1):
        alike = where[same == one]
        first = int(alike[0])
        stay = seconds_at(events, first) if SECONDS[1] in asked else {}
        yield alike, stay | _properties(events, paths, first)


def _properties(events: Archived, paths: Iterable[Path], position: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in paths:
        value = value_of(events.values[path].at(position))
        if path == OTHERS:
            found.update((value or {}).get("properties", {}))
        elif events.values[path].at(position):
            found[path[1]] = value
    return found


def made_nobodys(
    events: Archived, person: str, substitute: str, properties: frozenset[str]
) -> Archived | None:
    """The person's events as the substitute's, with nothing but what figures are made of and these
    properties; None where there are none.
    """
    if person not in events.persons:
        return None
    number = events.persons.index(person)
    own = events.person == number
    persons = [substitute if one == person else one for one in events.persons]
    values = {path: _bare(path, one, own, properties) for path, one in events.values.items()}
    return Archived(
        persons,
        events.names,
        events.person,
        events.at,
        events.name,
        events.milliseconds,
        values,
    )


def _bare(path: Path, values: Values, own: Flags, properties: frozenset[str]) -> Values:
    if path == TYPE or (path[0] == "properties" and path[1] in properties):
        return values
    texts = list(values.texts)
    codes = values.codes.copy()
    for code in np.unique(codes[own]).tolist():
        left = _left_of(path, value_of(texts[code]), properties)
        own_code = own & (values.codes == code)
        codes[own_code] = len(texts) if left else 0
        texts += [text_of(left)] if left else []
    return Values(texts, codes)


def _left_of(path: Path, value: Any, properties: frozenset[str]) -> Any:
    if path == APP and isinstance(value, dict):
        return {"name": value.get("name")}
    if path == OTHERS and value:
        kept = {key: one for key, one in value.get("properties", {}).items() if key in properties}
        return {"properties": kept} if kept else None
    return None


def exported(events: Archived, person: str, account_key: str) -> Iterator[dict[str, Any]]:
    """The person's events as messages."""
    if person in events.persons:
        own = np.flatnonzero(events.person == events.persons.index(person))
        for position in own.tolist():
            yield archive_values.message_at(events, position, account_key)
