"""The application: wiring only. `portal.create_app` leads here."""

import pkgutil
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import blueprints
from portal.config import Settings
from portal.db import Database
from portal.web.context import init_context
from portal.web.cookieless import Cookieless
from portal.web.create_forms import init_create_forms
from portal.web.errors import init_errors
from portal.web.formats import init_formats
from portal.web.guards import MACHINE_BLUEPRINTS, check_guards, init_guards, public
from portal.web.intake import Intake
from portal.web.kept_pages import KeptPages
from portal.web.locale import init_locale
from portal.web.prose import init_prose
from portal.web.requests import init_requests
from portal.web.sign_in import init_sign_in
from portal.web.state import State, keep_state
from portal.web.terms import init_terms
from portal.web.turned_away import init_turned_away

STATIC = Path(__file__).resolve().parents[1] / "static"
# Twice what the largest batch of events may hold; nobody uploads files here.
LARGEST_REQUEST = 1024 * 1024


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """A ready application. Raises RuntimeError where an endpoint declares no guard."""
    app = Flask("portal", static_folder=str(STATIC), static_url_path="/static")
    app.config.update(_flask_settings(settings))
    if settings.trusted_proxies:
        _believe_proxies(app, settings.trusted_proxies)
    kept = database or Database(settings.database)
    keep_state(app, State(settings, kept))
    csrf = CSRFProtect()
    init_requests(app, secure=settings.secure)
    init_errors(app)
    init_sign_in(app, kept, settings)
    init_locale(app)
    init_guards(app)
    init_create_forms(app)
    csrf.init_app(app)
    init_formats(app)
    init_prose(app)
    init_context(app)
    init_terms(app)
    init_turned_away(app)
    _register_rooms(app, csrf)
    public(app.view_functions["static"])
    check_guards(app)
    put_doors(app, State(settings, kept))
    return app


def put_doors(app: Flask, state: State) -> None:
    """What answers before Flask. Each holds a state of its own."""
    app.wsgi_app = Cookieless(app.wsgi_app)  # type: ignore[method-assign] # as below
    app.wsgi_app = KeptPages(app.wsgi_app, state)  # type: ignore[method-assign] # Flask's own way to wrap
    app.wsgi_app = Intake(app, state)  # type: ignore[method-assign] # as above


def _believe_proxies(app: Flask, count: int) -> None:
    """The reader's address and scheme as the last `count` proxies tell them; without this a
    forged header could hide whose sign-in attempts are counted.
    """
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign] # Flask's own way to wrap


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.signing_key,
        "TESTING": settings.environment == "test",
        "TRUSTED_HOSTS": settings.hosts,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-paceline" if settings.secure else "paceline",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=60),
        "PREFERRED_URL_SCHEME": "https" if settings.secure else "http",
        "WTF_CSRF_TIME_LIMIT": None,
        "TEMPLATES_AUTO_RELOAD": settings.environment == "development",
    }


def _register_rooms(app: Flask, csrf: CSRFProtect) -> None:
    """Every package under blueprints/ is a room and offers `blueprint`."""
    for room in pkgutil.iter_modules(blueprints.__path__):
        blueprint = import_module(f"{blueprints.__name__}.{room.name}").blueprint
        app.register_blueprint(blueprint)
        if blueprint.name in MACHINE_BLUEPRINTS:
            # A machine brings its key in a header; a browser never does so by itself.
            csrf.exempt(blueprint)
