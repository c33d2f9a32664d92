"""Reads what the page of targets is made from."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.account_metrics import volume_metric
from portal.domain.metrics import MONTH_DAYS
from portal.services.adoption import show_adoption
from portal.services.adoption.course import values_of
from portal.services.next_steps import next_steps
from portal.services.peers import list_peers
from portal.services.targets import DAILY, list_targets, people_of_one_day, target_courses
from portal.services.volumes import list_series, volume_course
from portal.web.adoption.basis import basis_of_figures
from portal.web.adoption.targets import Facts


def read_facts(session: Session, account_key: str) -> Facts:
    """Raises NotFound."""
    now = show_adoption(session, account_key)
    before = show_adoption(session, account_key, now.as_of - timedelta(days=MONTH_DAYS))
    earlier, volumes = volume_course(session, account_key, [before.as_of, now.as_of])
    daily = people_of_one_day(session, now, before)
    values = values_of(now) | volumes | {DAILY: daily.people}
    targets = list_targets(session, account_key, values, now.as_of)
    return Facts(
        basis=basis_of_figures(now),
        now=values,
        before=values_of(before) | earlier | {DAILY: daily.people_before},
        daily=daily,
        targets=targets,
        courses=target_courses(session, account_key, targets),
        peers=list_peers(session, account_key),
        series={volume_metric(one.key): one for one in list_series(session, account_key)},
        steps=next_steps(session, now.features) if now.coverage_days else [],
    )
