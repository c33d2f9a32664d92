"""What every test may ask for. Fixtures stand in the module of their subject."""

pytest_plugins = ["tests.databases", "tests.apps"]
