"""The application object for a WSGI server; settings come from the environment."""

from portal.app import create_app
from portal.config import read_settings
from portal.logging import configure_logging

settings = read_settings()
configure_logging(settings.environment)
app = create_app(settings)
