"""The application object for a WSGI server; settings come from the environment."""

from portal.app import create_app
from portal.config import read_settings
from portal.logging import configure_logging
from portal.web.giving_back import give_back_large_pieces
from portal.web.read_ahead import read_ahead
from portal.web.search_index import keep_following

give_back_large_pieces()
settings = read_settings()
configure_logging(settings.environment)
app = create_app(settings)
read_ahead(app)
keep_following(app)
