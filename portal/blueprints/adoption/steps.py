"""What to do next, for the overview: a part of its own, as it follows from the texts too."""

from flask import render_template

from portal.blueprints.adoption import blueprint
from portal.domain.permissions import Permission
from portal.services.adoption import show_adoption
from portal.services.next_steps import next_steps
from portal.web.adoption.steps import steps_of
from portal.web.guards import customer_account_key, db, needs


@blueprint.get("/adoption/steps")
@needs(Permission.ADOPTION_READ)
def steps() -> str:
    return _steps(customer_account_key())


@blueprint.get("/accounts/<account_key>/adoption/steps")
@needs(Permission.ACCOUNT_DESK)
def steps_of_account(account_key: str) -> str:
    return _steps(account_key)


def _steps(account_key: str) -> str:
    now = show_adoption(db(), account_key)
    found = next_steps(db(), now.features) if now.coverage_days else []
    return render_template("adoption/_steps.html", steps=steps_of(found))
