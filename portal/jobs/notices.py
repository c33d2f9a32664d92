from typing import Any

from portal.jobs.registry import Context, job
from portal.services.notices.certificates import endings, tell_of_end
from portal.services.notices.digest import mornings, queue_digest
from portal.services.notices.floods import find_flood, tell_of_flood
from portal.services.notices.hearing import told_of, who_hears
from portal.services.notices.links import links_of
from portal.services.notices.news import news_mornings, queue_news
from portal.services.notices.reminding import remind, silent_ones
from portal.services.notices.telling import tell_reader
from portal.services.requests.moving import close_silent
from portal.services.requests.steps import TOLD
from portal.usage.floods import FLOODED


@job(TOLD)
def tell_of_request(context: Context, payload: dict[str, Any]) -> None:
    """Each person's notice and mail are one transaction of their own scope, once a person."""
    told, links = told_of(payload), links_of(context.settings)
    with context.session() as session:
        hearings = who_hears(session, told)
    for hearing in hearings:
        with context.database.session(hearing.reader.scope, writes=True) as session:
            tell_reader(session, hearing, told, links)


@job(FLOODED)
def tell_of_flooding(context: Context, payload: dict[str, Any]) -> None:
    """Each administrator's notice and mail are one transaction, once an account and day."""
    links = links_of(context.settings)
    with context.session() as session:
        flood = find_flood(session, payload["idempotency_key"], context.account_id)
    if flood is None:
        return
    for reader in flood.readers:
        with context.database.session(reader.scope, writes=True) as session:
            tell_of_flood(session, reader, flood, links)


@job("notices.digest", attempts=3)
def daily_digest(context: Context, _payload: dict[str, Any]) -> None:
    """Every half an hour; the mail's key lets it go out once a day and person."""
    links = links_of(context.settings)
    with context.session() as session:
        due = mornings(session)
    for morning in due:
        with context.database.session(morning.reader.scope, writes=True) as session:
            queue_digest(session, morning, links)


@job("notices.news", attempts=3)
def mail_of_news(context: Context, _payload: dict[str, Any]) -> None:
    """Every half an hour; the mail's key lets it go out once a morning and person."""
    links = links_of(context.settings)
    with context.session() as session:
        due = news_mornings(session)
    for morning in due:
        with context.database.session(morning.reader.scope, writes=True) as session:
            queue_news(session, morning, links)


@job("notices.remind", attempts=3)
def remind_of_releases(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour; the mail's key lets it go out once a release and person."""
    links = links_of(context.settings)
    with context.session() as session:
        silent = silent_ones(session)
    for one in silent:
        with context.database.session(one.reader.scope, writes=True) as session:
            remind(session, one, links)


@job("notices.certificates", attempts=3)
def tell_of_certificates(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour; the notice's key lets each certificate be told of once."""
    links = links_of(context.settings)
    with context.session() as session:
        ending = endings(session)
    for one in ending:
        with context.database.session(one.reader.scope, writes=True) as session:
            tell_of_end(session, one, links)


@job("requests.close-silent", attempts=3)
def close_silent_requests(context: Context, _payload: dict[str, Any]) -> None:
    """Every hour: releases of which nobody of the customer has said a word in time."""
    closed = 1
    while closed:
        with context.session(writes=True) as session:
            closed = close_silent(session)
