"""The closed lists of a snapshot: which figures there are, in which unit, defined how, from where.

A published report never changes, so these names never change either: a figure with a new formula
gets a new name.
"""

from enum import StrEnum


class FigureKey(StrEnum):
    ACTIVE_PERSONS = "active_persons"
    ACTIVATION_RATE = "activation_rate"
    LOGIN_RATIO = "login_ratio"
    WAU = "wau"
    MAU = "mau"
    STICKINESS = "stickiness"
    TIME_ONLINE = "time_online_seconds"
    BREADTH = "breadth"
    DEPTH = "depth"
    INTEGRATION_CALLS = "integration_calls"
    INTEGRATIONS_SEEN = "integrations_seen"


class Unit(StrEnum):
    PERSONS = "persons"
    RATIO = "ratio"
    """1 is a hundred per cent; only activation may exceed it."""
    SECONDS = "seconds"
    CALLS = "calls"
    INTEGRATIONS = "integrations"


class Definition(StrEnum):
    """Which formula of the field stands behind a figure."""

    ACTIVE_PERSONS = "active_persons"
    ACTIVATION_BY_SEATS = "activation_by_seats"
    ACTIVATION_BY_PROVISIONED = "activation_by_provisioned"
    LOGIN_RATIO = "login_ratio"
    WAU = "wau"
    MAU = "mau"
    STICKINESS = "stickiness"
    TIME_ONLINE = "time_online"
    BREADTH = "breadth"
    DEPTH = "depth"
    INTEGRATION_CALLS = "integration_calls"
    INTEGRATIONS_SEEN = "integrations_seen"


class Source(StrEnum):
    USAGE_EVENTS = "usage_events"
    PERSON_LIST = "person_list"
    CONTRACT_SEATS = "contract_seats"
    ENTITLEMENTS = "entitlements"


UNITS = {
    FigureKey.ACTIVE_PERSONS: Unit.PERSONS,
    FigureKey.ACTIVATION_RATE: Unit.RATIO,
    FigureKey.LOGIN_RATIO: Unit.RATIO,
    FigureKey.WAU: Unit.PERSONS,
    FigureKey.MAU: Unit.PERSONS,
    FigureKey.STICKINESS: Unit.RATIO,
    FigureKey.TIME_ONLINE: Unit.SECONDS,
    FigureKey.BREADTH: Unit.RATIO,
    FigureKey.DEPTH: Unit.RATIO,
    FigureKey.INTEGRATION_CALLS: Unit.CALLS,
    FigureKey.INTEGRATIONS_SEEN: Unit.INTEGRATIONS,
}
