"""The names that every template knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.permissions import Permission, Role, allows
from portal.services.vendor import VendorView, show_vendor
from portal.tenancy import Scope, system_scope
from portal.web.assets import static_url
from portal.web.clock import request_time
from portal.web.locale import language_choices, request_locale, request_theme
from portal.web.navigation import places_for
from portal.web.sign_in import Member, current_member
from portal.web.state import state

ROLE_WORDS: Mapping[Role, Any] = {
    Role.MEMBER: _l("Member"),
    Role.CHAMPION: _l("Champion"),
    Role.EXECUTIVE: _l("Executive"),
    Role.CSM: _l("Customer success manager"),
    Role.EDITOR: _l("Editor"),
    Role.PRODUCT: _l("Product"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Administrator"),
    Role.VISITOR: _l("Visitor"),
}


@dataclass(frozen=True, slots=True)
class Me:
    """The reader as the frame shows them."""

    name: str
    initials: str
    email: str
    role: str
    role_label: str
    side: str
    account_name: str
    account_key: str
    time_zone: str
    letter_keys: bool
    links: list[dict[str, str]]


def init_context(app: Flask) -> None:
    app.jinja_env.globals["static_url"] = static_url
    app.context_processor(_names)


def _names() -> dict[str, Any]:
    member = current_member()
    role = Role(member.role) if member else Role.VISITOR
    vendor = vendor_view()
    return {
        "locale": request_locale(),
        "theme": request_theme(),
        "languages": language_choices(),
        "me": _me(member, role) if member else None,
        "places": places_for(role) if member else [],
        "footer_links": [],
        "vendor": vendor,
        "demo": vendor.demo,
        "request_id": g.get("request_id", ""),
        "can": lambda name: allows(role, Permission(name)),
    }


def _me_links(role: Role) -> list[dict[str, str]]:
    """What stands in the menu under the reader's name."""
    links = [{"label": _("Your profile"), "url": url_for("profile.show")}]
    if role.side == "customer" and allows(role, Permission.ACCOUNT_SETTINGS):
        links.append({"label": _("Settings"), "url": url_for("account_settings.show")})
    return links


def vendor_view() -> VendorView:
    """The vendor's name and defaults: read with the member, for visitors once a request."""
    member = current_member()
    if member is not None:
        return member.vendor
    if "vendor" not in g:
        with state().database.open(system_scope(request_time(), "context")) as session:
            g.vendor = show_vendor(session)
    kept: VendorView = g.vendor
    return kept


def _me(member: Member, role: Role) -> Me:
    name = member.name or member.email
    return Me(
        name=name,
        initials=initials(name),
        email=member.email,
        role=member.role,
        role_label=role_label(role),
        side=role.side,
        account_name=member.account_name or "",
        account_key=member.account_key or "",
        time_zone=member.time_zone,
        letter_keys=member.letter_keys,
        links=_me_links(role),
    )


def frame_of(scope: Scope) -> str:
    """The frame that a page of both sides extends."""
    side = scope.role.side
    return {"customer": "customer.html", "vendor": "vendor.html"}.get(side, "public.html")


def initials(name: str) -> str:
    """Ingrid Dahle → ID; 王小明 → 小明"""
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[-2:] if not name.isascii() else name[:2].upper()


def role_label(role: Role) -> str:
    return str(ROLE_WORDS[role])
