"""Usage events in, by the Segment wire format: `/v1/batch` and its kin."""

from portal.blueprints.ingest.views import blueprint

__all__ = ["blueprint"]
