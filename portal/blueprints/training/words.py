"""Sentences about courses and quizzes, and what a learner does next."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.knowledge_files import ending_of_key, media_key_of
from portal.domain.training import AttemptState
from portal.services.training.attempts import AttemptPage
from portal.services.training.courses import CourseLine, CoursePage
from portal.services.training.standings import QuizStanding
from portal.web.formats import num
from portal.web.prose import joined, spelled


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do next. `post`: it changes something, so it is a form."""

    label: str
    url: str
    icon: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class AttemptWords:
    """`kind` is the shape of the status; `what` the status in two words."""

    headline: str
    lead: str
    kind: str
    what: str


def list_headline(courses: Sequence[CourseLine], *, learns: bool) -> str:
    if not courses:
        return _("No course is open to you yet.")
    if not learns:
        count = len(courses)
        return ngettext(
            "%(count)s course is published.",
            "%(count)s courses are published.",
            count,
            count=spelled(count),
        )
    done = sum(1 for one in courses if one.finished_at)
    if done == len(courses):
        return _("You have finished every course.")
    if done:
        return _(
            "You have finished %(done)s of %(all)s courses.", done=num(done), all=num(len(courses))
        )
    begun = sum(1 for one in courses if one.started)
    if begun:
        return ngettext(
            "%(count)s course is under way.",
            "%(count)s courses are under way.",
            begun,
            count=spelled(begun),
        )
    return ngettext(
        "%(count)s course waits for you.",
        "%(count)s courses wait for you.",
        len(courses),
        count=spelled(len(courses)),
    )


def course_action(page: CoursePage, standing: QuizStanding | None) -> Action | None:
    """Go on with the next lesson; then the quiz; then the certificate."""
    slug, following = page.line.slug, page.next_lesson
    if standing is None:
        first = page.lessons[0].slug if page.lessons else ""
        url = url_for("training.lesson", slug=slug, lesson=first)
        return Action(_("Read the first lesson"), url, "book") if first else None
    if standing.open_key:
        url = url_for("training.attempt", slug=slug, key=standing.open_key)
        return Action(_("Go on with the quiz"), url, "edit")
    if following is not None and not standing.code:
        label = _("Go on") if page.line.started else _("Begin the course")
        return Action(label, url_for("training.lesson", slug=slug, lesson=following.slug), "play")
    if standing.code and not standing.may_begin:
        url = url_for("certificates.show", code=standing.code)
        return Action(_("See your certificate"), url, "report")
    if page.line.questions and standing.may_begin:
        return Action(_("Take the quiz"), url_for("training.quiz", slug=slug), "edit")
    return None


def quiz_rules(page: CoursePage) -> list[str]:
    """What one should know before one begins."""
    count = page.line.questions
    said = [
        ngettext("%(num)s question", "%(num)s questions", count),
        _("%(mark)s %% right to pass", mark=num(page.pass_mark)),
    ]
    if page.attempts:
        said.append(ngettext("%(num)s attempt", "%(num)s attempts", page.attempts))
    else:
        said.append(_("As many attempts as you like"))
    if page.valid_months:
        months = page.valid_months
        said.append(
            ngettext(
                "Certificate valid for %(num)s month",
                "Certificate valid for %(num)s months",
                months,
            )
        )
    else:
        said.append(_("Certificate valid for good"))
    return said


def attempt_words(page: AttemptPage) -> AttemptWords:
    title = page.course.line.title
    if page.state is AttemptState.OPEN:
        return AttemptWords(_("Quiz: %(course)s", course=title), "", "half", _("under way"))
    right = _("%(right)s of %(total)s were right.", right=num(page.right), total=num(page.total))
    if page.state is AttemptState.PASSED:
        return AttemptWords(_("You have passed."), right, "good", _("passed"))
    if page.state is AttemptState.REVIEW:
        lead = _("Somebody reads what you wrote in your own words. You get a mail when it is done.")
        return AttemptWords(_("Your answers are being read."), lead, "half", _("in review"))
    return AttemptWords(_("Not passed this time."), _failed(page, right), "watch", _("not passed"))


def _failed(page: AttemptPage, right: str) -> str:
    needed = _("%(mark)s %% are needed.", mark=num(page.course.pass_mark))
    left = page.standing.left
    if left is None:
        more = _("Try again as often as you like.")
    elif left:
        more = ngettext("You have %(num)s attempt left.", "You have %(num)s attempts left.", left)
    else:
        more = _("No attempt is left: ask your administrator for another one.")
    return joined(right, needed, more)


def site_of(address: str) -> str:
    """The host of an address; "" for a path of our own."""
    return urlsplit(address).hostname or ""


def plays(address: str) -> bool:
    """It is a video that is stored here."""
    key = media_key_of(address or "")
    return key is not None and ending_of_key(key) in {"mp4", "webm"}


def is_track(address: str) -> bool:
    """Captions that are stored here, as a player takes them."""
    key = media_key_of(address or "")
    return key is not None and ending_of_key(key) == "vtt"
