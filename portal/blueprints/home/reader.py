"""First pages of those who read knowledge: members and the product team."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home.greetings import greet
from portal.blueprints.home.todo import Todo, request_todos, todo_title
from portal.services.home import MOST_TEXTS, MemberHome, member_home
from portal.services.knowledge import ItemLine, list_items
from portal.services.next_steps import Lesson
from portal.services.requests.due import due_requests
from portal.services.requests.listing import waiting_for
from portal.services.training.waiting import WaitingCourse, waiting_courses
from portal.web.cards import ContactCard, contact_card
from portal.web.formats import num
from portal.web.guards import customer_account_key, db
from portal.web.prose import joined, spelled
from portal.web.request_due_lines import MOST_DUE, DueLine, due_lines, more_due


@dataclass(frozen=True, slots=True)
class MemberPage:
    kicker: str
    headline: str
    lead: str
    news: list[ItemLine]
    lessons: list[Lesson]
    training: list[WaitingCourse]
    todo_title: str
    todo: list[Todo]
    csm: ContactCard | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    kicker: str
    headline: str
    lead: str
    news: list[ItemLine]
    requests: list[DueLine]
    more_requests: int


def member_page() -> MemberPage:
    home = member_home(db(), customer_account_key())
    todo = request_todos(waiting_for(db()))
    return MemberPage(
        kicker=greet(),
        headline=_("What would you like to get done today?"),
        lead=_member_lead(home),
        news=home.news,
        lessons=home.lessons,
        training=waiting_courses(db()),
        todo_title=todo_title(len(todo)),
        todo=todo,
        csm=contact_card(home.csm),
    )


def _member_lead(home: MemberHome) -> str:
    if not home.total:
        return _("Practices, guides and answers appear here as soon as they are published.")
    there = ngettext(
        "%(count)s practice, guide or answer stands ready.",
        "%(count)s practices, guides and answers stand ready.",
        home.total,
        count=num(home.total),
    )
    if not home.new:
        return there
    return joined(
        there,
        ngettext(
            "%(count)s came in the last 30 days.",
            "%(count)s came in the last 30 days.",
            home.new,
            count=spelled(home.new),
        ),
    )


def product_page() -> ProductPage:
    items = list_items(db(), limit=MOST_TEXTS)
    newest = items.lines[0] if items.lines else None
    requests = due_requests(db(), MOST_DUE)
    return ProductPage(
        kicker=greet(),
        headline=ngettext(
            "Customers can read %(count)s text about the product.",
            "%(count)s texts tell customers and colleagues about the product.",
            items.total,
            count=spelled(items.total),
        ),
        lead=_("The newest is “%(title)s”.", title=newest.title) if newest else "",
        news=items.lines,
        requests=due_lines(requests),
        more_requests=more_due(requests),
    )
