"""What to do about requests that were refused whole."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class TurnedWords:
    """`reasons`: by the reason's code; `doors`: what each address is for."""

    reasons: dict[str, str]
    doors: dict[str, str]


def turned_words() -> TurnedWords:
    return TurnedWords(
        {
            "no-key": _("Send a key: as the user of Basic authentication, or in the body."),
            "unknown-key": _("This key was never made here. Copy it anew, or create another."),
            "revoked-key": _("This key is revoked. Give the client one that is in force."),
            "wrong-kind": _("Write keys send events; API keys tell sums and read."),
            "invalid-json": _("The body is not the JSON that this address takes."),
            "invalid-gzip": _("The gzip data is damaged or ends too early."),
            "too-large": _("Send less at once: at most 500 KiB, and 32 KiB a message."),
            "invalid": _("Some items are wrong. The answer names each of them."),
            "not-found": _("There is no account of this key, or this API key does not reach it."),
        },
        {
            "segment": _("Events, as Segment sends them"),
            "posthog": _("Events, as PostHog sends them"),
            "days": _("Daily sums of use"),
            "volumes": _("Business volume"),
        },
    )
