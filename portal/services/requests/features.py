"""Features that a request may be about: those of the account's contract."""

from sqlalchemy.orm import Session

from portal.domain.feature_names import feature_name
from portal.models import Account, Feature
from portal.tenancy import scope_of
from portal.usage.entitlements import entitled


def offered_features(session: Session) -> list[tuple[str, str]]:
    """Key and name in the reader's language, in the catalogue's order."""
    scope = scope_of(session)
    wanted = (
        entitled(Feature.key, Feature.name_en, Feature.name_zh)
        .where(Account.id == scope.account_id)
        .order_by(Feature.position, Feature.key)
    )
    return [
        (row.key, feature_name(scope.locale, row.name_en, row.name_zh))
        for row in session.execute(wanted)
    ]
