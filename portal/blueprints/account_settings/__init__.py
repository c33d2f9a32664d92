"""What a champion decides for their account."""

from portal.blueprints.account_settings.views import blueprint

__all__ = ["blueprint"]
