"""What a public page says of itself to search engines: its languages, and schema.org as JSON-LD."""

from collections.abc import Iterable
from typing import Any

from portal.domain.knowledge import COURSE, EVENT, FAQ, LESSON, address, address_of, lesson_name
from portal.services.knowledge import Gathering, ItemPage
from portal.services.training.courses import CoursePage, LessonPage
from portal.web.addresses import of_portal

DEFAULT = "x-default"
"""Where whoever reads none of the languages is sent: the reader's own choice decides there."""
Described = dict[str, Any]


def alternates(path: str, locales: Iterable[str]) -> dict[str, str]:
    """The address in each language that a page stands in, and the one for all others."""
    return {code: of_portal(path, locale=code) for code in locales} | {DEFAULT: of_portal(path)}


def addresses(page: ItemPage) -> dict[str, str]:
    return alternates(address(page.line.slug), page.locales)


def course_addresses(page: CoursePage) -> dict[str, str]:
    return alternates(f"/courses/{page.line.slug}", page.locales)


def lesson_addresses(page: LessonPage) -> dict[str, str]:
    name = lesson_name(page.course.line.slug, page.line.slug)
    return alternates(address_of(LESSON, name), page.line.locales)


def described(page: ItemPage, vendor: str) -> Described:
    """FAQPage for a question and its answer, Event and Course for those, else Article."""
    line = page.line
    about = {
        **_about(line.locale, addresses(page)),
        "dateModified": page.updated_at.date().isoformat(),
        "datePublished": line.published_on.isoformat(),
        "publisher": _organisation(vendor),
    }
    if line.type == FAQ:
        answer = {"@type": "Answer", "text": page.html}
        question = {"@type": "Question", "name": line.title, "acceptedAnswer": answer}
        return {**about, "@type": "FAQPage", "mainEntity": [question]}
    if line.type == EVENT and page.gathering:
        about = _about(line.locale, addresses(page))
        return {**about, **_event(page, page.gathering, vendor)}
    if line.type == COURSE:
        about = _about(line.locale, addresses(page))
        return {**about, **_course(line.title, line.summary, line.minutes, vendor)}
    return {**about, "@type": "Article", "headline": line.title, "description": line.summary}


def described_course(page: CoursePage, vendor: str) -> Described:
    line = page.line
    about = _about(line.locale, course_addresses(page))
    return {**about, **_course(line.title, line.summary, line.minutes, vendor)}


def described_lesson(page: LessonPage, vendor: str) -> Described:
    course = page.course.line
    whole = {
        "@type": "Course",
        "name": course.title,
        "url": of_portal(f"/courses/{course.slug}", locale=course.locale),
    }
    return {
        **_about(page.line.locale, lesson_addresses(page)),
        "@type": "LearningResource",
        "learningResourceType": "lesson",
        "name": page.line.title,
        "timeRequired": f"PT{page.line.minutes}M",
        "isPartOf": whole,
        "publisher": _organisation(vendor),
    }


def _about(locale: str, known: dict[str, str]) -> Described:
    return {"@context": "https://schema.org", "inLanguage": locale, "url": known[locale]}


def _organisation(name: str) -> Described:
    return {"@type": "Organization", "name": name}


def _course(title: str, summary: str, minutes: int, vendor: str) -> Described:
    instance = {
        "@type": "CourseInstance",
        "courseMode": "online",
        "courseWorkload": f"PT{minutes}M",
    }
    return {
        "@type": "Course",
        "name": title,
        "description": summary,
        "provider": _organisation(vendor),
        "hasCourseInstance": instance,
    }


def _event(page: ItemPage, event: Gathering, vendor: str) -> Described:
    """A place, an address of the web, or both."""
    there = [{"@type": "Place", "name": event.place, "address": event.place}] if event.place else []
    online = [{"@type": "VirtualLocation", "url": event.link}] if event.link else []
    mode = {(True, True): "Mixed", (True, False): "Offline"}.get(
        (bool(there), bool(online)), "Online"
    )
    return {
        "@type": "Event",
        "name": page.line.title,
        "description": page.line.summary,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": [*there, *online],
        "organizer": _organisation(vendor),
    }
