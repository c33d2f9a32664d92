"""What every test may ask for. Fixtures stand in the module of their subject."""

import gc

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.apps"]

# These machines are noisy: a slow example is no failure.
settings.register_profile("paceline", deadline=None)
settings.load_profile("paceline")

# Objects made, then rounds, then rounds of rounds: what tests leave is collected every hundred or
# so of them. Left to itself Python looks ten times as often, a tenth of the time of all tests.
THRESHOLDS = (20_000, 10, 5)


def pytest_collection_finish() -> None:
    """All that was imported stays to the end: nobody need look through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
