"""An event as a file that calendars take in."""

from datetime import datetime

from icalendar import Calendar, Event

from portal.services.knowledge import ItemPage


def calendar_file(page: ItemPage, address: str, host: str) -> bytes | None:
    """None for what is no event. The address of the text is told, and where the event takes
    place; the moments in UTC, so that each calendar shows its own reader's time.
    """
    event = page.gathering
    if event is None:
        return None
    entry = Event()
    entry.add("uid", f"{page.line.slug}@{host}")
    entry.add("dtstamp", _whole(page.updated_at))
    entry.add("last-modified", _whole(page.updated_at))
    entry.add("dtstart", _whole(event.starts_at))
    entry.add("dtend", _whole(event.ends_at))
    entry.add("summary", page.line.title)
    entry.add("description", "\n\n".join(filter(None, (page.line.summary, event.link, address))))
    entry.add("location", event.place or event.link)
    entry.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//Paceline//Knowledge//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _whole(moment: datetime) -> datetime:
    """Calendars know no parts of seconds."""
    return moment.replace(microsecond=0)
