"""Believable business volume for some of the cast, the same each time for the same last day."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.demo.cast import Company
from portal.demo.usage import WEEKDAY, level
from portal.domain.volumes import Pushed

DAYS = 240


@dataclass(frozen=True, slots=True)
class Course:
    """A series of a company: about `usual` on a working day at full use."""

    company: str
    series: str
    name_en: str
    name_zh: str
    unit: str
    usual: float
    decimals: int = 0


COURSES = (
    Course("oskelund-foods", "approvals", "Requests approved", "已审批申请", "", 184),
    Course("oskelund-foods", "hours-saved", "Hours saved", "节省工时", "h", 21.5, 1),
    Course("tarnby-freight", "waybills", "Waybills released", "放行运单", "", 642),
    Course("heliox-labs", "orders", "采购订单", "采购订单", "单", 96),
    Course("heliox-labs", "hours-saved", "节省工时", "节省工时", "小时", 7.4, 1),
    Course("pellan-retail", "orders", "採購訂單", "採購訂單", "筆", 58),
)


def pushes(company: Company, last_day: date) -> Iterator[list[Pushed]]:
    """One push a series; `last_day` is the last with figures."""
    for course in COURSES:
        if course.company == company.key:
            yield list(_items(course, company, last_day))


def _items(course: Course, company: Company, last_day: date) -> Iterator[Pushed]:
    chance = Random(f"volume of {company.key} {course.series}")  # noqa: S311 # invented figures, not secrets
    for back in range(min(company.live, DAYS), -1, -1):
        day = last_day - timedelta(days=back)
        share = level(company.shape, back, company.live) * WEEKDAY[day.weekday()]
        season = 1 + 0.08 * math.sin(2 * math.pi * day.toordinal() / 91)
        amount = course.usual * share * season * chance.uniform(0.82, 1.18)
        value = Decimal(str(round(amount, course.decimals)))
        if value:
            yield Pushed(
                f"{course.series}-{day}",
                course.series,
                day,
                value,
                course.name_en,
                course.name_zh,
                course.unit,
            )
