from zoneinfo import ZoneInfo

from portal.web.clock import request_time
from portal.web.guards import scope
from portal.web.prose import greeting
from portal.web.sign_in import current_member


def greet() -> str:
    """By the reader's own clock."""
    member = current_member()
    name = (member.name or member.email) if member else ""
    return greeting(name, request_time().astimezone(ZoneInfo(scope().time_zone)).hour)
