"""Oneself: name, language, time zone, theme, and the browsers one is signed in with."""

from portal.blueprints.profile.views import blueprint

__all__ = ["blueprint"]
