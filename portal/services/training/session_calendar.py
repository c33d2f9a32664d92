"""A live session as an invitation that calendars understand (iTIP, RFC 5546)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`uid` stays as long as the session; `sequence` rises with each change. `guest` is an address,
    empty in a file that nobody is asked to answer.
    """

    uid: str
    sequence: int
    title: str
    note: str
    starts_at: datetime
    minutes: int
    place: str
    address: str
    organizer: str
    guest: str
    stamp: datetime


def calendar_text(one: Invitation, method: str) -> str:
    """The moments in UTC, so that each calendar shows its own reader's time."""
    entry = Event()
    starts_at = one.starts_at.replace(microsecond=0)
    entry.add("uid", one.uid)
    entry.add("sequence", one.sequence)
    entry.add("dtstamp", one.stamp.replace(microsecond=0))
    entry.add("dtstart", starts_at)
    entry.add("dtend", starts_at + timedelta(minutes=one.minutes))
    entry.add("summary", one.title)
    entry.add("description", "\n\n".join(part for part in (one.note, one.address) if part))
    entry.add("location", one.place)
    entry.add("url", one.address)
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("organizer", vCalAddress(f"mailto:{one.organizer}"))
    if one.guest:
        guest = vCalAddress(f"mailto:{one.guest}")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["RSVP"] = vText("TRUE")
        entry.add("attendee", guest)
    calendar = Calendar()
    calendar.add("prodid", "-//Paceline//Training//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return str(calendar.to_ical().decode())
