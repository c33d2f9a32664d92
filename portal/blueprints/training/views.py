from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.blueprints.training.forms import field_name, read_answers, typed_places
from portal.blueprints.training.words import (
    attempt_words,
    course_action,
    is_track,
    list_headline,
    plays,
    quiz_rules,
    site_of,
)
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission, Role
from portal.locales import OWN_NAMES
from portal.services.training.assignments import own_due
from portal.services.training.attempts import (
    AttemptPage,
    begin_attempt,
    save_answers,
    show_attempt,
    submit_attempt,
)
from portal.services.training.certificates import own_certificates
from portal.services.training.courses import (
    CoursePage,
    list_courses,
    read_course,
    read_lesson,
)
from portal.services.training.kept_courses import kept_courses
from portal.services.training.progress import complete_lesson, reopen_lesson
from portal.services.training.quizzes import asked_questions
from portal.services.training.reviews import waiting_reviews
from portal.services.training.standings import quiz_standing
from portal.web.clock import request_time
from portal.web.context import frame_of, vendor_view
from portal.web.guards import db, needs, public, scope
from portal.web.refusals import sentence, turning_back
from portal.web.structured import (
    course_addresses,
    described_course,
    described_lesson,
    lesson_addresses,
)

blueprint = Blueprint("training", __name__, url_prefix="/courses", template_folder="templates")


@blueprint.record_once
def _teach(setup: BlueprintSetupState) -> None:
    """Macros know only globals."""
    setup.app.jinja_env.globals.update(field_name=field_name, own_names=OWN_NAMES)
    setup.app.jinja_env.filters.update(site_of=site_of, plays=plays, is_track=is_track)


@blueprint.get("")
@public
def index() -> str:
    courses = list_courses(db())
    return render_template(
        "training/index.html",
        frame=_frame(),
        courses=courses,
        headline_said=list_headline(courses, learns=_learns()),
        certificates=own_certificates(db()),
        learns=_learns(),
        due=own_due(db()),
        today=request_time().date(),
        waiting=len(waiting_reviews(db())) if scope().allows(Permission.ACCOUNT_DESK) else 0,
        kept_courses=kept_courses(db()) if scope().allows(Permission.KNOWLEDGE_WRITE) else [],
    )


@blueprint.get("/<slug>")
@public
def course(slug: str) -> Response | AnyResponse:
    page = _find(slug)
    if page is None:
        return _sign_in()
    standing = quiz_standing(db(), page.line.id)
    shown = render_template(
        "training/course.html",
        frame=_frame(),
        page=page,
        html=_markup(page.html),
        standing=standing,
        action=course_action(page, standing),
        rules=quiz_rules(page),
        learns=_learns(),
        alternates=course_addresses(page),
        described=described_course(page, vendor_view().name),
    )
    return _kept_close(shown, page)


@blueprint.get("/<slug>/lessons/<lesson>")
@public
def lesson(slug: str, lesson: str) -> Response | AnyResponse:
    try:
        page = read_lesson(db(), slug, lesson)
    except NotFound:
        if scope().role is not Role.VISITOR:
            raise
        return _sign_in()
    shown = render_template(
        "training/lesson.html",
        frame=_frame(),
        page=page,
        html=_markup(page.html),
        learns=_learns(),
        alternates=lesson_addresses(page),
        described=described_lesson(page, vendor_view().name),
    )
    return _kept_close(shown, page.course)


@blueprint.post("/<slug>/lessons/<lesson>/completion")
@needs(Permission.TRAINING_TAKE)
def complete(slug: str, lesson: str) -> AnyResponse:
    ended = complete_lesson(db(), slug, lesson)
    if ended:
        flash(_("You have finished the course."), "good")
        return redirect(url_for("training.course", slug=slug))
    following = read_lesson(db(), slug, lesson).after
    undo = url_for("training.reopen", slug=slug, lesson=lesson)
    flash(_("Lesson done."), f"undo:{undo}")
    if following is None:
        return redirect(url_for("training.course", slug=slug))
    return redirect(url_for("training.lesson", slug=slug, lesson=following.slug))


@blueprint.post("/<slug>/lessons/<lesson>/reopening")
@needs(Permission.TRAINING_TAKE)
def reopen(slug: str, lesson: str) -> AnyResponse:
    reopen_lesson(db(), slug, lesson)
    flash(_("The lesson is open again."), "toast")
    return redirect(url_for("training.lesson", slug=slug, lesson=lesson))


@blueprint.get("/<slug>/quiz")
@needs(Permission.PORTAL_USE)
def quiz(slug: str) -> str:
    """The rules and the way in; for those who write courses the questions with their answers."""
    page = read_course(db(), slug)
    if not page.line.questions:
        raise NotFound
    writes = scope().allows(Permission.KNOWLEDGE_WRITE)
    shown = asked_questions(db(), page.line.id, scope().locale) if writes else []
    return render_template(
        "training/quiz.html",
        frame=_frame(),
        page=page,
        standing=quiz_standing(db(), page.line.id),
        rules=quiz_rules(page),
        questions=shown,
        learns=_learns(),
    )


@blueprint.post("/<slug>/attempts")
@needs(Permission.TRAINING_TAKE)
@turning_back("training.quiz", Conflict)
def begin(slug: str) -> AnyResponse:
    key = begin_attempt(db(), slug)
    return redirect(url_for("training.attempt", slug=slug, key=key))


@blueprint.get("/<slug>/attempts/<key>")
@needs(Permission.TRAINING_TAKE)
def attempt(slug: str, key: str) -> Response:
    return make_response(_attempt_page(show_attempt(db(), slug, key)))


@blueprint.post("/<slug>/attempts/<key>")
@needs(Permission.TRAINING_TAKE)
def answer(slug: str, key: str) -> AnyResponse:
    page = show_attempt(db(), slug, key)
    answers = read_answers(request.form, page.questions)
    try:
        if "later" in request.form:
            save_answers(db(), slug, key, answers)
            flash(_("Your answers are kept. Go on whenever you like, on any device."), "good")
            return redirect(url_for("training.course", slug=slug))
        submit_attempt(db(), slug, key, answers)
    except Conflict as refusal:
        flash(sentence(refusal), "watch")
        return redirect(url_for("training.quiz", slug=slug))
    except Invalid as refusal:
        shown = show_attempt(db(), slug, key)
        return make_response(_attempt_page(shown, list(refusal.fields)), 422)
    return redirect(url_for("training.attempt", slug=slug, key=key))


def _attempt_page(page: AttemptPage, missing: list[str] | None = None) -> str:
    return render_template(
        "training/attempt.html",
        frame=_frame(),
        page=page,
        said=attempt_words(page),
        missing=missing or [],
        chosen=typed_places(request.form, page.questions) if missing else {},
    )


def _find(slug: str) -> CoursePage | None:
    """None where a visitor has to sign in first: the same for what is not there."""
    try:
        return read_course(db(), slug)
    except NotFound:
        if scope().role is not Role.VISITOR:
            raise
        return None


def _sign_in() -> AnyResponse:
    return redirect(url_for("security.login", next=request.path))


def _kept_close(shown: str, page: CoursePage) -> Response:
    response = make_response(shown)
    if not page.public:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _markup(html: str) -> Markup:
    return Markup(html)  # noqa: S704 # sanitised when it was saved (domain/markdown_text.py)


def _learns() -> bool:
    return scope().role.side == "customer"


def _frame() -> str:
    role = scope().role
    return "visitor.html" if role is Role.VISITOR else frame_of(scope())
