"""The published texts as files: what the database holds, put together again."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.domain.audience import Audience
from portal.domain.content_file import ContentFile
from portal.domain.content_values import moment, wall_time
from portal.models import KnowledgeFeature, KnowledgeItem, KnowledgeVersion


def stored_files(session: Session, which: ColumnElement[bool]) -> Iterator[ContentFile]:
    """By slug and language, of the items for which `which` is true."""
    rows = session.execute(
        select(KnowledgeItem, KnowledgeVersion)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(which)
        .order_by(KnowledgeItem.slug, KnowledgeVersion.locale)
    ).all()
    features = features_of(session, {item.id for item, _version in rows})
    for item, version in rows:
        yield stored_file(item, version, features.get(item.id, ()))


def features_of(session: Session, item_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    wanted = select(KnowledgeFeature.item_id, KnowledgeFeature.feature_key).order_by(
        KnowledgeFeature.item_id, KnowledgeFeature.position
    )
    known = set(item_ids)
    if len(known) == 1:
        wanted = wanted.where(KnowledgeFeature.item_id.in_(known))
    for item_id, key in session.execute(wanted):
        if item_id in known:
            found[item_id] = (*found.get(item_id, ()), key)
    return found


def stored_file(
    item: KnowledgeItem, version: KnowledgeVersion, features: tuple[str, ...]
) -> ContentFile:
    return ContentFile(
        slug=item.slug,
        locale=version.locale,
        title=version.title,
        summary=version.summary,
        type=item.type,
        audience=Audience(
            item.audience, tuple(item.audience_accounts), tuple(item.audience_segments)
        ),
        features=features,
        review_by=item.review_by,
        published=item.published_on,
        minutes=item.minutes,
        effect=version.effect,
        consent=item.consent_on,
        body=version.body,
        benchmark=item.benchmark,
        kind=item.event_kind,
        starts_at=wall_time(item.starts_at, item.zone) if item.starts_at else "",
        ends_at=wall_time(item.ends_at, item.zone) if item.ends_at else "",
        zone=item.zone,
        place=version.place,
        link=item.link,
    )


def put_shared(item: KnowledgeItem, file: ContentFile) -> None:
    """What the languages share, but for features and tokens, which have rows of their own."""
    audience = file.audience
    item.type, item.audience = file.type, audience.kind
    item.audience_accounts = list(audience.accounts)
    item.audience_segments = list(audience.segments)
    item.review_by, item.published_on = file.review_by, file.published
    item.consent_on, item.minutes, item.benchmark = file.consent, file.minutes, file.benchmark
    item.event_kind, item.zone, item.link = file.kind, file.zone, file.link
    item.starts_at = moment(file.starts_at, file.zone) if file.starts_at else None
    item.ends_at = moment(file.ends_at, file.zone) if file.ends_at else None
