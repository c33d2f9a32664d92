"""The timetable, as data. A slot begins every `every` after midnight of 1970 UTC plus `offset`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    job: str
    every: timedelta
    offset: timedelta = timedelta()

    def slot(self, now: datetime) -> datetime:
        """The beginning of the slot that `now` is in."""
        return now - (now - EPOCH - self.offset) % self.every


TIMETABLE = (
    Entry("fold usage", "usage.fold", every=timedelta(seconds=5)),
    Entry("seal usage", "usage.seal", every=timedelta(hours=1), offset=timedelta(minutes=37)),
    Entry("pack log", "usage.compact", every=timedelta(hours=1), offset=timedelta(minutes=11)),
    Entry("keep raw events", "usage.retain", every=timedelta(days=1), offset=timedelta(hours=2)),
    Entry("archive events", "usage.archive", every=timedelta(days=1), offset=timedelta(hours=4)),
    Entry("follow zones", "usage.follow-zones", every=timedelta(minutes=1)),
    Entry(
        "early warning", "alerts.evaluate", every=timedelta(minutes=5), offset=timedelta(minutes=2)
    ),
    Entry(
        "daily mail",
        "alerts.daily-mail",
        every=timedelta(minutes=30),
        offset=timedelta(minutes=5),
    ),
    Entry(
        "next steps by mail",
        "knowledge.step-mail",
        every=timedelta(minutes=30),
        offset=timedelta(minutes=8),
    ),
    Entry(
        "training reminders",
        "training.remind",
        every=timedelta(hours=1),
        offset=timedelta(minutes=25),
    ),
    Entry("health", "health.score", every=timedelta(minutes=5), offset=timedelta(minutes=3)),
    Entry("compare peers", "adoption.peers", every=timedelta(days=1), offset=timedelta(hours=3)),
    Entry(
        "refresh snapshots",
        "portfolio.refresh",
        every=timedelta(minutes=1),
        offset=timedelta(seconds=20),
    ),
    Entry(
        "sweep pictures",
        "knowledge.sweep-files",
        every=timedelta(days=1),
        offset=timedelta(hours=1, minutes=23),
    ),
    Entry(
        "check links",
        "knowledge.check-links",
        every=timedelta(days=1),
        offset=timedelta(hours=1, minutes=30),
    ),
    Entry(
        "ask elsewhere",
        "knowledge.ask-elsewhere",
        every=timedelta(minutes=2),
        offset=timedelta(seconds=50),
    ),
    Entry(
        "what one follows by mail",
        "notices.digest",
        every=timedelta(minutes=30),
        offset=timedelta(minutes=2),
    ),
    Entry(
        "roadmap and what is new by mail",
        "notices.news",
        every=timedelta(minutes=30),
        offset=timedelta(minutes=12),
    ),
    Entry(
        "ask again whether it works",
        "notices.remind",
        every=timedelta(hours=1),
        offset=timedelta(minutes=19),
    ),
    Entry(
        "certificates that end",
        "notices.certificates",
        every=timedelta(hours=1),
        offset=timedelta(minutes=23),
    ),
    Entry(
        "close silent requests",
        "requests.close-silent",
        every=timedelta(hours=1),
        offset=timedelta(minutes=21),
    ),
    Entry("publish texts", "knowledge.publish-due", every=timedelta(minutes=5)),
    Entry(
        "remind of texts",
        "knowledge.remind",
        every=timedelta(minutes=30),
        offset=timedelta(minutes=8),
    ),
    Entry(
        "warn of due requests",
        "requests.warn",
        every=timedelta(minutes=5),
        offset=timedelta(minutes=1),
    ),
    Entry(
        "scan files", "requests.scan-files", every=timedelta(minutes=5), offset=timedelta(minutes=1)
    ),
    Entry(
        "sweep files of requests",
        "requests.sweep-files",
        every=timedelta(days=1),
        offset=timedelta(hours=1, minutes=41),
    ),
    Entry("clean up", "house.clean", every=timedelta(hours=1), offset=timedelta(minutes=17)),
)
