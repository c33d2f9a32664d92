"""Hand-made series of an account in steady use."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from portal.domain.early_warning import Course

MONDAY = date(2026, 6, 1)


def course(wau: list[int], **more: Any) -> Course:
    """One value a day; the other figures follow it, unless they are given."""
    days = len(wau)
    given: dict[str, Any] = {
        name: np.array(value) if isinstance(value, list) else value for name, value in more.items()
    }
    usual = Course(
        first=MONDAY,
        events=np.array(wau),
        wau=np.array(wau),
        mau=np.array(wau),
        login_week=np.array(wau),
        provisioned=np.full(days, 100),
        activated=np.full(days, 80),
        began=MONDAY - timedelta(days=400),
        go_live=MONDAY - timedelta(days=400),
        seats=200,
    )
    return replace(usual, **given)
