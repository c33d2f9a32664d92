"""The pages before somebody is in. Those of Flask-Security have their views there; an invitation
is accepted here.
"""

from portal.blueprints.sign_in.views import blueprint

__all__ = ["blueprint"]
