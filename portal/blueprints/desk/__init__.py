"""The vendor's desk: the accounts in somebody's hands, and one of them whole."""

from portal.blueprints.desk import history, searching, stage, summary
from portal.blueprints.desk.views import blueprint

__all__ = ["blueprint", "history", "searching", "stage", "summary"]
