"""What editing a text of the hub and a lesson have in common: states, checks, saving, conflicts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.domain.knowledge_files import file_address
from portal.domain.knowledge_workflow import Stage
from portal.domain.lesson_files import PARTS
from portal.domain.text_merge import merged
from portal.locales import OWN_NAMES
from portal.services.images import LARGEST_BYTES, make_anew
from portal.services.knowledge_drafts import Draft, DraftInput, EditConflict
from portal.services.knowledge_files import store_picture
from portal.services.knowledge_people import people
from portal.services.knowledge_preview import Check
from portal.services.knowledge_revisions import difference
from portal.web.files import file_store
from portal.web.formats import clock, moment
from portal.web.guards import db, scope
from portal.web.knowledge_words import FIELD_NAMES

Save = Callable[[DraftInput, str], Draft]
STILL_THERE = timedelta(minutes=15)
LARGEST_SENT = LARGEST_BYTES + 1024 * 1024
# What the form sends beside the text itself.
OF_THE_FORM = frozenset({"csrf_token", "token", "body", "ours", "step", "words"})
STEPS = ("draft", "review", "scheduled", "published", "archived")


def step_words(draft: Draft) -> list[tuple[str, bool]]:
    """The flow from draft to archive; where the text is now is marked."""
    reviewer = draft.reviewer
    words = {
        "draft": _("Draft"),
        "review": _("In review, by %(name)s", name=reviewer) if reviewer else _("In review"),
        "scheduled": _("Scheduled"),
        "published": pgettext("stage", "Published"),
        "archived": _("Archived"),
    }
    here = _step(draft)
    return [(words[step], step == here) for step in STEPS]


def text_state(state: str, stage: Stage) -> tuple[str, str]:
    """(mark, words) of a text in one line."""
    if state == ARCHIVED:
        return "none", _("Archived")
    if stage is Stage.REVIEW:
        return "half", _("In review")
    if stage is Stage.SCHEDULED:
        return "half", _("Scheduled")
    if state == PUBLISHED:
        newer = stage is Stage.DRAFT
        return "good", _("Published, newer draft") if newer else pgettext("stage", "Published")
    return "half", _("Draft")


def _step(draft: Draft) -> str:
    if draft.item_state == ARCHIVED:
        return ARCHIVED
    if draft.state in {Stage.REVIEW, Stage.SCHEDULED}:
        return str(draft.state.value)
    is_live = draft.item_state == PUBLISHED and draft.state is Stage.NONE
    return PUBLISHED if is_live else DRAFT


def check_words(check: Check) -> str:
    """In the reader's language."""
    said = {
        "no-alt": _("An image lacks the words for those who cannot see it."),
        "foreign-image": _("An image was not uploaded here: drop it into the text."),
        "lost-image": _("An image is not there any more: drop it into the text again."),
        "first-heading": _("Begin sections with two #: the title is the only first heading."),
        "too-large": _("The text is too long or nested too deep: split it into two."),
    }
    if check.code in said:
        return said[check.code]
    if check.code == "bad-link":
        return _(
            "The link “%(address)s” leads nowhere for some of the readers.",
            address=check.about[:80],
        )
    if check.code == "section":
        return _("The section “%(name)s” is missing.", name=check.about)
    if check.about == "consent":
        return _("The customer’s consent is missing: without it a case cannot be published.")
    name = str(FIELD_NAMES.get(check.about, check.about))
    return _("“%(field)s” is missing or not right yet.", field=name)


def snippets() -> dict[str, str]:
    """What the tools of the editor write into a text, with words to be written over."""
    words = [_("Measure"), _("Before"), _("After")]
    return {
        "table": f"| {' | '.join(words)} |\n| --- | --- | --- |\n| {words[0]} | 2 | 1 |",
        "callout": f"> [!NOTE]\n> {_('What the reader should notice')}",
        "video": f'[{_("Title of the video")}](https://vimeo.com/ "4:30")',
    }


def saved_words(draft: Draft) -> str:
    """When it was saved last, on the reader's clock."""
    if draft.saved_at is None:
        return ""
    zone, now = scope().time_zone or "UTC", scope().now
    if now - draft.saved_at < timedelta(hours=12):
        return _("Saved %(time)s", time=clock(draft.saved_at, zone))
    return _("Saved %(time)s", time=moment(draft.saved_at, zone))


def told_checks(checks: Sequence[Check]) -> list[tuple[str, bool]]:
    """(words, whether it keeps the text from being published)"""
    return [(check_words(one), one.hard) for one in _once(list(checks))]


def _once(checks: list[Any]) -> list[Any]:
    said = {check_words(one): one for one in reversed(checks)}
    return sorted(said.values(), key=lambda one: (not one.hard, checks.index(one)))


def language_tab(draft: Draft, code: str) -> dict[str, Any]:
    behind = draft.source_published - draft.source_revision if code == draft.locale else 0
    known = code in draft.locales or code in draft.published_locales
    if code == draft.source_locale:
        words, kind = (_("source"), "")
    elif not known:
        words, kind = (_("none yet"), "")
    elif draft.source_revision and behind > 0 and code == draft.locale:
        words, kind = (
            ngettext("%(num)s change behind", "%(num)s changes behind", behind),
            "watch",
        )
    else:
        words, kind = (_("draft"), "") if code in draft.locales else ("", "")
    return {
        "code": code,
        "label": OWN_NAMES[code],
        "words": words,
        "kind": kind,
        "current": code == draft.locale,
        "published": code in draft.published_locales,
    }


def other_writer(session: Session, draft: Draft) -> str:
    """Who else has just saved this text, and may still be at it."""
    if draft.saved_at is None or scope().now - draft.saved_at > STILL_THERE:
        return ""
    user_id = scope().user_id
    me = people(session, [user_id]).get(user_id or 0)
    return "" if me is not None and me.key == draft.editor_key else draft.editor


def wants(step: str) -> bool:
    """Which button was pressed."""
    return request.form.get("step") == step


def is_autosave() -> bool:
    return "X-Autosave" in request.headers


def sent_picture(form: Any) -> str:
    """Without script a picture comes with the form: what is to stand at the text's end. It stands
    in the form, too, for where something else is refused.
    """
    sent = form.picture.data
    if not sent:
        return ""
    key = store_picture(db(), file_store(), make_anew(sent.stream.read(LARGEST_BYTES + 1)))
    picture = f"\n\n![{(form.words.data or '').strip()}]({file_address(key)})\n"
    form.body.data = f"{form.body.data or ''}{picture}"
    return picture


def save_sent(draft: Draft, fields: Mapping[str, Any], form: Any, save: Save) -> Draft:
    """What was typed; `save` takes what is to stand there and the token that it goes over."""
    picture, automatic = sent_picture(form), is_autosave()
    token = form.token.data or ""
    ours = f"{request.form.get('ours', '')}{picture}" if wants("ours") else form.body.data or ""
    if not wants("theirs"):
        return save(DraftInput(fields, ours, autosave=automatic), token)
    # Taken back by whoever wrote it: it stays as a revision, and what stood there stands again.
    kept = save(DraftInput(fields, request.form.get("ours") or ""), token)
    return save(DraftInput(draft.fields, draft.body), kept.token)


def conflict_answer(
    conflict: EditConflict, fields: Mapping[str, Any], body: str, action: str
) -> Any:
    """Two have saved one text: what differs, and three ways on; by autosave only that it is so.
    `action`: where the settled text is sent.
    """
    theirs, by = conflict.theirs, conflict.by or _("Somebody else")
    if is_autosave():
        return jsonify(said=_("%(name)s has saved this text meanwhile.", name=by)), Conflict.status
    both = difference(theirs.fields, theirs.body, {**theirs.fields, **fields}, body)
    page = render_template(
        "knowledge_editor/conflict.html",
        draft=theirs,
        action=action,
        by=by,
        both=both,
        names=FIELD_NAMES,
        typed=[
            # What was sent as a file has its address by now.
            (name, fields[name] if name in PARTS and name in fields else value)
            for name, value in request.form.items(multi=True)
            if name not in OF_THE_FORM
        ],
        ours=body,
        merged=merged(theirs.body, body),
    )
    return page, Conflict.status


def standing_answer(draft: Draft) -> Any:
    """Whether somebody else has saved since: asked by the page while it is open."""
    said = _("%(name)s has saved this text meanwhile.", name=draft.editor or _("Somebody else"))
    response = jsonify(token=draft.token, said=said)
    response.headers["Cache-Control"] = "no-store"
    return response
