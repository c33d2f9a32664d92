"""The places of each role, once. A place whose endpoint does not exist is not shown."""

from dataclasses import dataclass

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.domain.permissions import Permission, Role, allows


@dataclass(frozen=True, slots=True)
class Place:
    endpoint: str
    label: object
    icon: str
    permission: Permission
    group: object = ""


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    url: str
    icon: str
    current: bool
    group: str


CUSTOMER = (
    Place("home.home", _l("Home"), "home", Permission.PORTAL_USE),
    Place("adoption.show", _l("Adoption"), "chart", Permission.ADOPTION_READ),
    Place("knowledge.index", _l("Knowledge"), "book", Permission.KNOWLEDGE_READ),
    Place("training.index", _l("Training"), "play", Permission.TRAINING_TAKE),
    Place("requests.index", _l("Requests"), "loop", Permission.REQUEST_READ),
    Place("reports.index", _l("Value reports"), "report", Permission.REPORT_READ),
    Place("people.index", lazy_pgettext("place", "People"), "people", Permission.PEOPLE_INVITE),
)
_COMPANY = _l("Company")
_SYSTEM = _l("System")
VENDOR = (
    Place("home.home", _l("Home"), "grid", Permission.PORTAL_USE),
    Place("desk.accounts", _l("Accounts"), "chart", Permission.ACCOUNT_DESK),
    Place("triage.index", _l("Requests"), "loop", Permission.REQUEST_DESK),
    Place("sharing.index", _l("Shared requests"), "link", Permission.REQUEST_TRIAGE),
    Place("roadmap.index", _l("Roadmap"), "plan", Permission.KNOWLEDGE_READ),
    Place("alerts.index", _l("Alerts"), "bell", Permission.ACCOUNT_DESK),
    Place("tasks.index", _l("Tasks"), "check", Permission.ACCOUNT_DESK),
    Place("knowledge.index", _l("Knowledge"), "book", Permission.KNOWLEDGE_READ),
    Place("training.index", _l("Training"), "play", Permission.KNOWLEDGE_READ),
    Place("editorial.index", _l("Texts"), "edit", Permission.KNOWLEDGE_WRITE),
    Place("readings.index", _l("What readers say"), "eye", Permission.KNOWLEDGE_WRITE),
    Place("search.gaps", _l("Content gaps"), "faq", Permission.KNOWLEDGE_WRITE),
    Place("reports.index", _l("Value reports"), "report", Permission.REPORT_READ),
    Place("catalogue.features", _l("Features"), "case", Permission.USAGE_ADMIN, _COMPANY),
    Place("admin.events", _l("Usage events"), "bell", Permission.USAGE_ADMIN, _COMPANY),
    Place("admin_users.index", _l("Users"), "people", Permission.USER_ADMIN, _COMPANY),
    Place("people.index", _l("Invitations"), "mail", Permission.PEOPLE_INVITE, _COMPANY),
    Place("person_data.index", _l("Personal data"), "eye", Permission.PERSON_DATA, _COMPANY),
    Place("admin.keys", _l("Keys"), "lock", Permission.USAGE_ADMIN, _COMPANY),
    Place("admin.assignments", _l("Assignments"), "flag", Permission.SETTINGS_WRITE, _COMPANY),
    Place("segments.index", _l("Segments"), "grid", Permission.SEGMENT_ADMIN, _COMPANY),
    Place("health_model.index", _l("Health model"), "chart", Permission.HEALTH_ADMIN, _COMPANY),
    Place("alert_rules.index", _l("Alert rules"), "bell", Permission.ALERT_ADMIN, _COMPANY),
    Place(
        "loop_settings.levels", _l("Service levels"), "flag", Permission.REQUEST_TRIAGE, _COMPANY
    ),
    Place(
        "loop_settings.words", _l("Words for states"), "edit", Permission.REQUEST_TRIAGE, _COMPANY
    ),
    Place("admin.settings", _l("Settings"), "gear", Permission.SETTINGS_WRITE, _COMPANY),
    Place("admin.mails", _l("Mails"), "mail", Permission.MAIL_READ, _SYSTEM),
    Place("raw_events.show", _l("Raw events"), "list", Permission.USAGE_ADMIN, _SYSTEM),
    Place("admin.jobs", _l("Jobs"), "loop", Permission.JOB_READ, _SYSTEM),
    Place("admin.audit", _l("Audit log"), "search", Permission.AUDIT_READ, _SYSTEM),
    Place("design.index", _l("Design"), "edit", Permission.DESIGN_READ, _SYSTEM),
)


def places_for(role: Role) -> list[Shown]:
    """What the frame lists for the role, the place of this request marked; worked out once a
    request, for the frame and for the search.
    """
    kept: dict[Role, list[Shown]] = g.setdefault("places", {})
    if role not in kept:
        kept[role] = _places(role)
    return kept[role]


def _places(role: Role) -> list[Shown]:
    rows = CUSTOMER if role.side == "customer" else VENDOR
    return [
        Shown(
            str(place.label),
            url_for(place.endpoint),
            place.icon,
            _is_current(place),
            str(place.group),
        )
        for place in rows
        if place.endpoint in current_app.view_functions and allows(role, place.permission)
    ]


# Rooms that stand under a place beside the one that it leads to.
UNDER = {"requests.index": ("roadmap.",)}


def _is_current(place: Place) -> bool:
    here = request.endpoint or ""
    if here.startswith(UNDER.get(place.endpoint, "-")):
        return True
    if place.endpoint == "search.gaps":
        return here.startswith(("search.gap", "search.word", "search.judge"))
    if place.endpoint.startswith(("admin.", "loop_settings.")):
        return here == place.endpoint or here.startswith(place.endpoint + "_")
    return here.partition(".")[0] == place.endpoint.partition(".")[0]
