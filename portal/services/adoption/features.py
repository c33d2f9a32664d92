from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.domain.metrics import feature_depth
from portal.services.adoption.sheet import Sheet, sheet_of
from portal.services.adoption.window import Window, find_window


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """A feature that the account is entitled to. `depth` is 0 to 1, None without a weekly target
    (uses per person and week). `activation`: its use activates a person.
    """

    key: str
    name_en: str
    name_zh: str
    module: str
    core: bool
    kind: str
    weekly_target: float | None
    uses: int
    persons: int
    depth: float | None
    activation: bool = False

    @property
    def unused(self) -> bool:
        return self.uses == 0

    def name(self, locale: str) -> str:
        return feature_name(locale, self.name_en, self.name_zh)


def feature_use(
    session: Session, account_key: str, as_of: date | None = None, window_days: int = 30
) -> list[FeatureUse]:
    """Every feature that the account is entitled to, core or not, in the catalogue's order."""
    window = find_window(session, account_key, as_of, window_days)
    return features_of(sheet_of(session, window), window)


def features_of(sheet: Sheet, window: Window) -> list[FeatureUse]:
    return [
        FeatureUse(
            key=row.key,
            name_en=row.name_en,
            name_zh=row.name_zh,
            module=row.module,
            core=row.core,
            kind=row.kind,
            weekly_target=row.weekly_target,
            uses=row.uses,
            persons=len(row.users),
            activation=row.activation,
            depth=feature_depth(row.uses, len(row.users), window.days, row.weekly_target),
        )
        for row in sheet.features(window.first, window.last)
    ]
