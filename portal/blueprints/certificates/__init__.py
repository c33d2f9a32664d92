"""Certificates: looked at and checked by anybody who has the number."""

from portal.blueprints.certificates.views import blueprint

__all__ = ["blueprint"]
