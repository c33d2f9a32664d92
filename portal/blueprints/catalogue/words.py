from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.event_rules import Operator
from portal.services.catalogue.names import IGNORED, MAPPED, UNMAPPED
from portal.web.formats import num
from portal.web.listing import Link

KINDS = {
    "record": _l("Records"),
    "process": _l("Process"),
    "integration": _l("Integration"),
    "custom": _l("Custom"),
}
OPERATORS = {
    Operator.EQUALS.value: _l("is"),
    Operator.ONE_OF.value: _l("is one of"),
    Operator.BEGINS.value: _l("begins with"),
    Operator.AT_LEAST.value: _l("is at least"),
    Operator.AT_MOST.value: _l("is at most"),
    Operator.EXISTS.value: _l("is there"),
}
STATES = {
    UNMAPPED: _l("Without a feature"),
    MAPPED: _l("With a feature"),
    IGNORED: _l("Ignored"),
}


def places(current: str, unmapped: int | None = None) -> list[Link]:
    """The pages of the catalogue."""
    count = None if not unmapped else num(unmapped)
    rows = (
        ("features", _("Features"), None),
        ("names", _("Event names"), count),
        ("editions", _("Editions"), None),
        ("terms", _("Names"), None),
    )
    return [
        Link(label, url_for(f"catalogue.{name}"), name == current, counted)
        for name, label, counted in rows
    ]
