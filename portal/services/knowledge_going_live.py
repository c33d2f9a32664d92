"""Working copies that become what is read."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.db import new_key
from portal.domain.content_draft import finish
from portal.domain.errors import Conflict, Invalid
from portal.domain.knowledge_workflow import Stage
from portal.domain.markdown_text import render
from portal.locales import LOCALES
from portal.models import KnowledgeDraft
from portal.services.knowledge_held import Held, without_language
from portal.services.knowledge_keeping import CONVERTED, WEB, Author
from portal.services.knowledge_links import link_troubles
from portal.services.knowledge_people import people
from portal.services.knowledge_stored import stored_file
from portal.services.knowledge_texts import Text, publish
from portal.services.training.lesson_going_live import hold_lessons, publish_lessons
from portal.tenancy import scope_of


def copies_to_publish(
    session: Session, held: Held, locales: Sequence[str] | None = None
) -> list[Text]:
    """The working copies of these languages as they would be published now; of all but what a
    machine made where None. Raises Invalid, whose `fields` name what is wrong ("en: summary"), and
    Conflict where something newer was published since a copy began.
    """
    wrong: dict[str, str] = {}
    texts = []
    for locale in _chosen(held, locales):
        try:
            texts.append(_text(session, held, held.drafts[locale]))
        except Invalid as refusal:
            said = refusal.fields or {"body": refusal.message}
            wrong.update({f"{locale}: {key}": words for key, words in said.items()})
    if not wrong:
        troubles = link_troubles(session, [*texts, *_staying(held, texts)])
        wrong = {f"{locale}: body": words for (_slug, locale), words in troubles.items()}
    audience = texts[0].file.audience if texts else None
    wrong |= hold_lessons(session, held, _chosen(held, locales), audience)
    if wrong:
        raise Invalid("The text is not ready to be published.", fields=wrong, code="not-ready")
    return texts


def go_live(session: Session, held: Held, texts: Sequence[Text]) -> None:
    """Publishes them, within the caller's transaction. What a machine made and what is not among
    them stays a working copy.
    """
    told = {text.file.locale for text in texts}
    agreeing = held.item.source_locale in told
    said = [_agreed(text) if agreeing else text for text in texts]
    number = publish(session, {held.item.slug: said}, origin=WEB)
    publish_lessons(session, held, told, number)
    for locale in told:
        session.delete(held.drafts.pop(locale))
    _end_work(session, held, without_language(texts[0].file.fields))
    session.flush()


def _chosen(held: Held, locales: Sequence[str] | None) -> list[str]:
    machine_s = {one for one, draft in held.drafts.items() if draft.origin == CONVERTED}
    wanted = set(locales) if locales is not None else held.drafts.keys() - machine_s
    wrong = dict.fromkeys(wanted - set(held.drafts), "There is no working copy in this language.")
    wrong |= dict.fromkeys(wanted & machine_s, "A person has to look at this first.")
    if wrong or not wanted:
        raise Invalid("There is nothing to publish.", fields=wrong, code="not-ready")
    for locale in wanted:
        if held.drafts[locale].based_on != held.published(locale):
            raise Conflict(
                f"The published text ({locale}) has changed since this copy was begun. "
                "Compare both, then go on.",
                code="overtaken",
            )
    return [one for one in LOCALES if one in wanted]


def _text(session: Session, held: Held, draft: KnowledgeDraft) -> Text:
    file = finish(
        held.item.slug,
        draft.locale,
        held.fields(draft.locale),
        draft.body,
        today=scope_of(session).now.date(),
    )
    known = people(session, [draft.author_id])
    name = known[draft.author_id].name if draft.author_id in known else ""
    author = Author(draft.author_id, name)
    return Text(file, render(file.body, file.locale), author, draft.based_on, draft.source_revision)


def _agreed(text: Text) -> Text:
    """Published together with its source: they agree."""
    return replace(text, source_revision=None)


def _staying(held: Held, texts: Sequence[Text]) -> list[Text]:
    """The languages that stay as they are published; for whom they are follows the new texts."""
    told = {text.file.locale for text in texts}
    return [
        Text(
            replace(
                stored_file(held.item, version, held.features), audience=texts[0].file.audience
            ),
            render(version.body, locale),
        )
        for locale, version in held.versions.items()
        if locale not in told
    ]


def _end_work(session: Session, held: Held, shared: dict[str, object]) -> None:
    work = held.work
    if work is None:
        return
    if not held.drafts:
        session.delete(work)
        held.work = None
        return
    work.state, work.locales, work.publish_at = Stage.DRAFT.value, [], None
    work.reviewer_id, work.reason = None, ""
    work.fields, work.token = shared, new_key()
