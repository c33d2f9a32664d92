"""What the editor says of audiences and mistakes."""

from flask_babel import lazy_gettext as _l

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
