"""Which features an account is entitled to: its edition's, with those added, without those
taken off; never an archived one.
"""

from typing import Any

from sqlalchemy import Select, and_, or_, select, true

from portal.models import Account, EditionFeature, Entitlement, Feature


def entitled(*columns: Any) -> Select[Any]:
    """`columns` of each account in reach with each feature that it is entitled to; narrow it to
    accounts by `Account`.
    """
    return (
        select(*columns)
        .select_from(Account)
        .join(Feature, true())
        .outerjoin(
            EditionFeature,
            and_(
                EditionFeature.edition_id == Account.edition_id,
                EditionFeature.feature_id == Feature.id,
            ),
        )
        .outerjoin(
            Entitlement,
            and_(Entitlement.account_id == Account.id, Entitlement.feature_id == Feature.id),
        )
        .where(
            Feature.archived_at.is_(None),
            or_(
                Entitlement.included,
                and_(Entitlement.included.is_(None), EditionFeature.feature_id.is_not(None)),
            ),
        )
    )
