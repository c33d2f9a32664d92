"""Health scores (DOMAIN §3): made nightly, read, explained, overruled and tested on the past."""

from portal.services.health.reading import (
    GlassBox,
    HealthRow,
    OverrideView,
    Scores,
    glass_box,
    health_of,
    latest_scores,
)

__all__ = [
    "GlassBox",
    "HealthRow",
    "OverrideView",
    "Scores",
    "glass_box",
    "health_of",
    "latest_scores",
]
