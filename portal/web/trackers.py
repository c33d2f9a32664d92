"""The vendor's own tracker beside a request: its form, and what it is called."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from portal.services.requests.tracker import Tracked
from portal.web.forms import PageForm
from portal.web.prose import row_of

SYSTEMS = {"github": "GitHub", "gitlab": "GitLab", "jira": "Jira", "other": ""}


class TrackerForm(PageForm):
    """Without an address the link is taken away."""

    url = StringField(
        _l("Address of the issue"),
        [Length(max=500, message=_l("Keep it under 500 characters."))],
    )
    state = StringField(
        _l("State there"), [Length(max=60, message=_l("Keep it under 60 characters."))]
    )


def tracker_words(tracked: Tracked | None) -> str:
    """“GitHub, 12”"""
    if tracked is None:
        return ""
    return row_of((SYSTEMS[tracked.system], tracked.url.rpartition("/")[2]))
