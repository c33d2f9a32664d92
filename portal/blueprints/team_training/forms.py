from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from portal.services.training.account_learners import Learning
from portal.services.training.courses import CourseLine
from portal.web.forms import PageForm, choices


class AssignForm(PageForm):
    """A course, for persons or for all of a team, until a day."""

    course = SelectField(_l("Course"))
    team = SelectField(_l("All of a team"))
    people = SelectMultipleField(_l("Or persons"), validate_choice=False)
    due_on = DateField(_l("Due on"), [Optional()])

    def offer(self, courses: list[CourseLine], people: list[Learning]) -> "AssignForm":
        teams = sorted({one.team for one in people if one.team})
        self.course.choices = choices((one.slug, one.title) for one in courses)
        self.team.choices = choices([("", "–"), *((team, team) for team in teams)])
        self.people.choices = choices((one.key, one.name) for one in people)
        return self
