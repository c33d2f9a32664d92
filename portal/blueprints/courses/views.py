from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.courses.forms import (
    KINDS,
    QuestionForm,
    RulesForm,
    language,
    offered_rows,
    question_text,
    read_options,
    say,
)
from portal.blueprints.courses.room import STEPS, blueprint
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.domain.quizzes import Kind
from portal.locales import OWN_NAMES
from portal.services.training.building import read_builder, save_rules
from portal.services.training.course_figures import course_figures
from portal.services.training.question_desk import (
    OptionRow,
    QuestionDesk,
    add_question,
    move_question,
    question_desk,
    remove_question,
    save_question,
)
from portal.services.training.shape_drafts import discard_shape, go_on_with_shape
from portal.web.guards import db, needs, scope
from portal.web.refusals import sentence, turning_back
from portal.web.text_editor import text_state


@blueprint.get("")
@needs(Permission.KNOWLEDGE_WRITE)
def show(slug: str) -> str:
    page = read_builder(db(), slug)
    return _builder(slug, RulesForm(formdata=None, obj=page))


@blueprint.post("")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def rules(slug: str) -> Response:
    form = RulesForm()
    read_builder(db(), slug)
    if form.validate_on_submit():
        given = {name: form[name].data or 0 for name in ("pass_mark", "attempts", "valid_months")}
        save_rules(db(), slug, **given)
        flash(_("Saved in the draft."), "toast")
        return redirect(url_for("courses.show", slug=slug))
    return make_response(_builder(slug, form), 422)


@blueprint.post("/changes/<any('discard', 'go-on'):step>")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def changes(slug: str, step: str) -> Response:
    """Of order, quiz and rules, while they are a draft."""
    if step == "discard":
        discard_shape(db(), slug)
        flash(_("Order, quiz and rules are again as they are published."), "toast")
    else:
        go_on_with_shape(db(), slug)
        flash(_("Your changes stand over what was published meanwhile."), "toast")
    return redirect(url_for("courses.show", slug=slug))


@blueprint.get("/questions/new")
@needs(Permission.KNOWLEDGE_WRITE)
def question_new(slug: str) -> str:
    return _question_page(slug, QuestionForm(formdata=None), [])


@blueprint.post("/questions")
@needs(Permission.KNOWLEDGE_WRITE)
def question_add(slug: str) -> Response:
    form, options = QuestionForm(), read_options(request.form)
    read_builder(db(), slug)
    locale = language(request.args, scope().locale)
    if form.validate_on_submit():
        try:
            add_question(db(), slug, locale, question_text(form, options))
        except (Invalid, Conflict) as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The question is in the draft of the quiz."), "toast")
            return redirect(url_for("courses.show", slug=slug, _anchor="questions"))
    return make_response(_question_page(slug, form, options), 422)


@blueprint.get("/questions/<key>")
@needs(Permission.KNOWLEDGE_WRITE)
def question(slug: str, key: str) -> str:
    desk = question_desk(db(), slug, key, language(request.args, scope().locale))
    form = QuestionForm(formdata=None, obj=desk.file, token=desk.token)
    form.kind.data = desk.file.kind.value
    options = [
        OptionRow(letter, words, right)
        for letter, (words, right) in zip(
            desk.file.question.letters, desk.file.options, strict=True
        )
    ]
    return _question_page(slug, form, options, desk)


@blueprint.post("/questions/<key>")
@needs(Permission.KNOWLEDGE_WRITE)
def question_save(slug: str, key: str) -> Response:
    form, options = QuestionForm(), read_options(request.form)
    locale = language(request.args, scope().locale)
    desk, status = question_desk(db(), slug, key, locale), 422
    if form.validate_on_submit():
        text, token = question_text(form, options), form.token.data or ""
        try:
            save_question(db(), slug, key, locale, text, token=token)
        except (Invalid, Conflict) as refusal:
            _refuse(form, refusal)
            status = refusal.status
        else:
            flash(_("Saved in the draft."), "toast")
            return redirect(url_for("courses.question", slug=slug, key=key, language=locale))
    return make_response(_question_page(slug, form, options, desk), status)


@blueprint.post("/questions/<key>/<any('up', 'down'):way>")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def question_move(slug: str, key: str, way: str) -> Response:
    move_question(db(), slug, key, STEPS[way])
    return redirect(url_for("courses.show", slug=slug, _anchor=f"question-{key}"))


@blueprint.post("/questions/<key>/removal")
@needs(Permission.KNOWLEDGE_WRITE)
@turning_back("courses.show", Conflict)
def question_remove(slug: str, key: str) -> Response:
    remove_question(db(), slug, key)
    flash(_("The question is gone from the draft of the quiz."), "toast")
    return redirect(url_for("courses.show", slug=slug, _anchor="questions"))


def _refuse(form: QuestionForm, refusal: Invalid | Conflict) -> None:
    """Each refusal beside its own field; the rest above the form."""
    if refusal.code == "edited-meanwhile":
        said = _("Somebody else has saved this in the meantime. What you typed stands below.")
        form.form_errors.append(said)
    for name, words in refusal.fields.items():
        if name in form:
            form[name].errors = [say(name, words)]
        else:
            form.form_errors.append(say(name, words))
    if not refusal.fields and refusal.code != "edited-meanwhile":
        form.form_errors.append(sentence(refusal))


def _builder(slug: str, form: RulesForm) -> str:
    page = read_builder(db(), slug)
    return render_template(
        "courses/show.html",
        page=page,
        figures=course_figures(db(), slug),
        form=form,
        stage=text_state(page.state, page.stage),
        kinds={kind.value: words for kind, words in KINDS.items()},
        own_names=OWN_NAMES,
    )


def _question_page(
    slug: str, form: QuestionForm, options: list[OptionRow], desk: QuestionDesk | None = None
) -> str:
    return render_template(
        "courses/question.html",
        page=read_builder(db(), slug),
        form=form,
        rows=offered_rows(options),
        desk=desk,
        ordering=Kind.ORDERING.value,
        language=language(request.args, scope().locale),
        own_names=OWN_NAMES,
    )
