"""What is kept of a person: handed out, or erased."""

from portal.blueprints.person_data.views import blueprint

__all__ = ["blueprint"]
