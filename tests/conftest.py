"""What every test may ask for. Fixtures stand in the module of their subject."""

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.apps"]

# These machines are noisy: a slow example is no failure.
settings.register_profile("paceline", deadline=None)
settings.load_profile("paceline")
