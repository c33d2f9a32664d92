"""What the editor says of states, audiences, checks and mistakes."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from portal.domain.knowledge import ARCHIVED, DRAFT, PUBLISHED
from portal.domain.knowledge_workflow import Stage
from portal.services.knowledge_drafts import Draft
from portal.services.knowledge_preview import Check
from portal.web.knowledge_words import FIELD_NAMES

AUDIENCES = {
    "public": _l("Everybody, without signing in"),
    "customers": _l("All customers"),
    "segments": _l("Segments of customers"),
    "accounts": _l("Named accounts"),
    "vendor": _l("Us only"),
}
FIELDS = FIELD_NAMES
WRONG = {
    "title": _l("Write one line of at most 300 characters."),
    "summary": _l("Write one line of at most 600 characters."),
    "effect": _l("Write one line of at most 300 characters."),
    "place": _l("Write one line of at most 200 characters."),
    "audience": _l("Choose who may read it; name at least one segment or account."),
    "features": _l("Choose features of the catalogue."),
    "review_by": _l("Choose a day."),
    "consent": _l("Choose the day of the consent."),
    "starts_at": _l("Choose day and time."),
    "ends_at": _l("Choose a time after the beginning."),
    "zone": _l("Write the name of a time zone, such as Europe/Oslo."),
    "link": _l("Write a whole address that begins with https://."),
    "body": _l("The text is too long or holds signs that no text may have."),
    "slug": _l("Use small letters, digits and hyphens."),
    "type": _l("Choose a type."),
}
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
    name = str(FIELDS.get(check.about, check.about))
    return _("“%(field)s” is missing or not right yet.", field=name)


def snippets() -> dict[str, str]:
    """What the tools of the editor write into a text, with words to be written over."""
    words = [_("Measure"), _("Before"), _("After")]
    return {
        "table": f"| {' | '.join(words)} |\n| --- | --- | --- |\n| {words[0]} | 2 | 1 |",
        "callout": f"> [!NOTE]\n> {_('What the reader should notice')}",
        "video": f'[{_("Title of the video")}](https://vimeo.com/ "4:30")',
    }
