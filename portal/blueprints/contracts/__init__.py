from portal.blueprints.contracts.views import blueprint

__all__ = ["blueprint"]
