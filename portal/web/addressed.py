"""Readers who come by a signed link of a mail, without signing in."""

from flask import g, request

from portal.locales import known_locale
from portal.services.notices.readers import Reader, find_reader
from portal.tenancy import system_scope
from portal.web.clock import request_time
from portal.web.state import state


def known_by_link(user_key: str) -> Reader | None:
    """Whom the mail was sent to, while they may sign in. The page speaks their language, but for
    one that is chosen on it.
    """
    origin = request.remote_addr or "link"
    scope = system_scope(request_time(), origin, request_id=g.get("request_id", ""))
    with state().database.open(scope) as session:
        reader = find_reader(session, user_key)
    if reader is not None and known_locale(request.args.get("locale")) is None:
        g.locale = reader.scope.locale
        g.pop("messages", None)
    return reader
