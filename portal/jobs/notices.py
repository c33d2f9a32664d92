from typing import Any

from portal.jobs.registry import Context, job
from portal.services.notices.hearing import told_of, who_hears
from portal.services.notices.links import links_of
from portal.services.notices.telling import tell_reader
from portal.services.requests.steps import TOLD


@job(TOLD)
def tell_of_request(context: Context, payload: dict[str, Any]) -> None:
    """Each person's notice and mail are one transaction of their own scope, once a person."""
    told, links = told_of(payload), links_of(context.settings)
    with context.session() as session:
        hearings = who_hears(session, told)
    for hearing in hearings:
        with context.database.session(hearing.reader.scope, writes=True) as session:
            tell_reader(session, hearing, told, links)
