"""A text that is being written as its readers would see it, and what it still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.audience import Audience, audience_tokens
from portal.domain.content_draft import finish, reading_minutes, tidy_fields
from portal.domain.content_values import moment
from portal.domain.errors import Forbidden, Invalid
from portal.domain.feature_names import feature_name
from portal.domain.knowledge import CUSTOMER_CASE, EVENT, SHAPES
from portal.domain.knowledge_files import keys_in
from portal.domain.markdown_text import preview
from portal.domain.page_text import PageText
from portal.domain.permissions import Permission, Role
from portal.locales import LOCALES
from portal.models import Account, Feature
from portal.services.knowledge import Gathering, ItemLine, ItemPage
from portal.services.knowledge_files import missing_files
from portal.services.knowledge_links import audiences, link_trouble
from portal.services.segments import segments_by_account
from portal.tenancy import scope_of

VISITOR, ACCOUNT = "visitor", "account:"


@dataclass(frozen=True, slots=True)
class Check:
    """`code`: what is wrong; those of markdown_text.Trouble, too-large, lost-image, bad-link,
    missing (a key of the front matter), section (a heading of the type's template). `about`:
    the address, key or heading.
    """

    code: str
    about: str
    words: str = ""

    @property
    def hard(self) -> bool:
        """It keeps the text from being published."""
        return self.code != "section"


@dataclass(frozen=True, slots=True)
class Preview:
    """`seen`: the chosen reader may read the text once it is published."""

    page: ItemPage
    checks: list[Check]
    seen: bool


def preview_text(  # noqa: PLR0917 # the text as everywhere, then who looks at it
    session: Session, slug: str, kind: str, locale: str, fields: Mapping[str, Any], body: str,
    reader: str = "",
) -> Preview:  # fmt: skip
    """`fields` as Draft.fields, also where they are not right yet. `reader`: "visitor",
    "account:<key>" of an account in reach, "" for the vendor. Raises Forbidden for those who
    do not write texts.
    """
    scope = scope_of(session)
    if not scope.allows(Permission.KNOWLEDGE_WRITE):
        raise Forbidden
    said, wrong = _tidy(kind, fields)
    page, checks = shown_page(locale, body)
    checks += lost_images(session, body)
    checks += [Check("missing", key) for key in wrong]
    checks += [
        one for one in _lacks(slug, locale, said, body, scope.now.date()) if one not in checks
    ]
    checks += dead_links(session, slug, page, audience_of(said))
    checks += _sections(kind, locale, page)
    item = _item(session, slug, locale, said, body, page)
    return Preview(item, checks, _may_read(session, audience_of(said), reader))


def _tidy(kind: str, fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What is wrong is left out, and named."""
    try:
        return tidy_fields(kind, fields), []
    except Invalid as refusal:
        right = {key: value for key, value in fields.items() if key not in refusal.fields}
        return tidy_fields(kind, right), sorted(refusal.fields)


def shown_page(locale: str, body: str) -> tuple[PageText, list[Check]]:
    try:
        page, troubles = preview(body, locale)
    except Invalid as refusal:
        return PageText("", ""), [Check("too-large", "", refusal.message)]
    return page, [Check(one.code, one.about, one.words) for one in troubles]


def _lacks(
    slug: str, locale: str, fields: Mapping[str, Any], body: str, today: date
) -> Iterator[Check]:
    try:
        finish(slug, locale, fields, body, today=today)
    except Invalid as refusal:
        yield from (Check("missing", key) for key in refusal.fields)


def lost_images(session: Session, body: str) -> list[Check]:
    return [Check("lost-image", key) for key in sorted(missing_files(session, keys_in(body)))]


def dead_links(session: Session, slug: str, page: PageText, audience: Audience) -> Iterator[Check]:
    known = audiences(session) | {slug: audience}
    for link in dict.fromkeys(page.links):
        trouble = link_trouble(link, audience, known)
        if trouble:
            yield Check("bad-link", link, trouble)


def _sections(kind: str, locale: str, page: PageText) -> Iterator[Check]:
    place = LOCALES.index(locale)
    there = {words for _id, words in page.outline}
    for names in SHAPES[kind].sections:
        if names[place] not in there:
            yield Check("section", names[place])


def audience_of(fields: Mapping[str, Any]) -> Audience:
    written = fields.get("audience")
    if isinstance(written, dict):
        ((kind, names),) = written.items()
        return Audience(kind, **{kind: tuple(names)})
    return Audience(str(written or "vendor"))


def _may_read(session: Session, audience: Audience, reader: str) -> bool:
    if reader == VISITOR:
        tokens = audience_tokens(Role.VISITOR)
    elif reader.startswith(ACCOUNT):
        key = reader.removeprefix(ACCOUNT)
        number = session.scalar(select(Account.id).where(Account.key == key))
        segment = segments_by_account(session).get(number or 0)
        tokens = audience_tokens(
            Role.CHAMPION, [key] if number else [], [segment] if segment else []
        )
    else:
        tokens = audience_tokens(Role.EDITOR)
    return bool(tokens & audience.tokens)


def _item(  # noqa: PLR0917 # as above
    session: Session, slug: str, locale: str, fields: Mapping[str, Any], body: str, page: PageText
) -> ItemPage:
    now = scope_of(session).now
    published = _day(fields.get("published")) or now.date()
    return ItemPage(
        line=ItemLine(
            slug=slug,
            type=fields["type"],
            minutes=fields.get("minutes") or reading_minutes(body),
            published_on=published,
            locale=locale,
            title=fields["title"],
            summary=fields["summary"],
            effect=fields.get("effect", ""),
        ),
        html=page.html,
        outline=page.outline,
        comparison=page.comparison,
        locales=(),
        public=False,
        review_by=_day(fields.get("review_by")) or published,
        consent_on=_day(fields.get("consent")) if fields["type"] == CUSTOMER_CASE else None,
        updated_at=now,
        features=_features(session, fields.get("features") or []),
        benchmark=bool(fields.get("benchmark")),
        gathering=_gathering(fields),
    )


def _features(session: Session, keys: list[str]) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Feature.key, Feature.name_en, Feature.name_zh).where(Feature.key.in_(keys))
    )
    locale = scope_of(session).locale
    names = {row.key: feature_name(locale, row.name_en, row.name_zh) for row in rows}
    return [(key, names.get(key, key)) for key in keys]


def _gathering(fields: Mapping[str, Any]) -> Gathering | None:
    if fields["type"] != EVENT or not all(fields[key] for key in ("starts_at", "ends_at", "zone")):
        return None
    return Gathering(
        kind=fields["kind"],
        starts_at=moment(fields["starts_at"], fields["zone"]),
        ends_at=moment(fields["ends_at"], fields["zone"]),
        zone=fields["zone"],
        place=fields["place"],
        link=fields["link"],
    )


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if written else None
