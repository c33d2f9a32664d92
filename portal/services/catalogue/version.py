from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models import CatalogueState
from portal.services.once import add_once


def raise_version(session: Session) -> None:
    """Pages that follow from the catalogue are asked for anew after the caller's commit."""
    raised = session.execute(
        update(CatalogueState)
        .where(CatalogueState.id == 1)
        .values(version=CatalogueState.version + 1)
        .returning(CatalogueState.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if raised is None and not add_once(session, CatalogueState(id=1, version=1), "catalogue_state"):
        raise_version(session)
