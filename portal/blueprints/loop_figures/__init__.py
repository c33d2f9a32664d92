"""How the loop goes: a customer's own figures, and those of all customers for the vendor."""

from portal.blueprints.loop_figures.views import blueprint

__all__ = ["blueprint"]
