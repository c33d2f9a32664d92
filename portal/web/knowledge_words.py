"""What the types of texts are called."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.domain.knowledge import (
    BEST_PRACTICE,
    COURSE,
    CUSTOMER_CASE,
    EVENT,
    FAQ,
    GUIDE,
    RELEASE_NOTE,
)


@dataclass(frozen=True, slots=True)
class TypeWords:
    one: str
    many: str
    chip: str
    icon: str


_EVENTS = lazy_pgettext("gathering", "Events")
TYPE_WORDS = {
    BEST_PRACTICE: TypeWords(_l("Best practice"), _l("Best practices"), _l("Practices"), "book"),
    CUSTOMER_CASE: TypeWords(_l("Customer case"), _l("Customer cases"), _l("Cases"), "case"),
    FAQ: TypeWords(_l("FAQ"), _l("Answers to questions"), _l("Answers"), "faq"),
    GUIDE: TypeWords(_l("Guide"), _l("Guides"), _l("Guides"), "report"),
    COURSE: TypeWords(_l("Course"), _l("Courses"), _l("Courses"), "play"),
    RELEASE_NOTE: TypeWords(_l("Release note"), _l("Release notes"), _l("News"), "flag"),
    EVENT: TypeWords(lazy_pgettext("gathering", "Event"), _EVENTS, _EVENTS, "cal"),
}
# In their own language: said to those who read it.
READ_IN = {"en": "Read in English", "zh-Hans": "读简体中文版", "zh-Hant": "讀繁體中文版"}
# Of a quiz.
RULE_NAMES = {
    "pass_mark": _l("Percent right to pass"),
    "attempts": _l("Attempts"),
    "valid_months": _l("Months that the certificate is valid"),
}
FIELD_NAMES = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "effect": _l("Effect in numbers"),
    "place": _l("Place"),
    "audience": _l("Audience"),
    "features": _l("Teaches"),
    "review_by": _l("Review by"),
    "published": _l("First published"),
    "minutes": _l("Minutes to read"),
    "consent": _l("Consent of the customer"),
    "benchmark": _l("Benchmark case"),
    "kind": _l("Kind of event"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "zone": _l("Time zone"),
    "link": _l("Link to the event"),
    "body": _l("Text"),
    "chapter": _l("Chapter"),
    "video": _l("Address of a video"),
    "captions": _l("Its captions or transcript"),
    "file": _l("Address of a file to take along"),
    "lessons": _l("Lessons"),
}
