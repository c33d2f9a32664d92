from collections.abc import Callable

from flask import Blueprint, render_template

from portal.blueprints.home.admin import admin_page
from portal.blueprints.home.champion import champion_page
from portal.blueprints.home.desk import desk_page
from portal.blueprints.home.editor import editor_page
from portal.blueprints.home.executive import executive_page
from portal.blueprints.home.reader import member_page, product_page
from portal.domain.permissions import Permission, Role
from portal.web.guards import needs, scope

blueprint = Blueprint("home", __name__, template_folder="templates")
PAGES: dict[Role, tuple[str, Callable[[], object]]] = {
    Role.CHAMPION: ("champion", champion_page),
    Role.MEMBER: ("member", member_page),
    Role.EXECUTIVE: ("executive", executive_page),
    Role.CSM: ("desk", desk_page),
    Role.MANAGER: ("desk", desk_page),
    Role.EDITOR: ("editor", editor_page),
    Role.PRODUCT: ("product", product_page),
    Role.ADMIN: ("admin", admin_page),
}


@blueprint.get("/")
@needs(Permission.PORTAL_USE)
def home() -> str:
    template, page = PAGES[scope().role]
    return render_template(f"home/{template}.html", page=page())
