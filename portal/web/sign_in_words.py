"""What people are told around signing in: for our own forms, and for Flask-Security's messages."""

from flask_babel import lazy_gettext as _l

from portal.domain.addresses import AddressFault
from portal.domain.passwords import PasswordFault

ADDRESS_WORDS = {
    AddressFault.NO_AT: _l("An address looks like name@company.example."),
    AddressFault.NO_ENDING: _l("This address lacks its ending, such as “.example”."),
    AddressFault.MALFORMED: _l("This is no mail address. Check it for spaces and signs."),
}
PASSWORD_RULES = _l(
    "At least 12 characters. A few words that only you would put together are best; "
    "not your name or address."
)
PASSWORD_WORDS = {
    PasswordFault.TOO_SHORT: _l("This is too short. Use at least 12 characters."),
    PasswordFault.TOO_LONG: _l("This is too long. Use at most 256 characters."),
    PasswordFault.COMMON: _l("Others use this one too, so it is tried first. Choose another."),
    PasswordFault.OWN_ADDRESS: _l("This is mostly your own name or address. Choose another."),
}


def _(words: str) -> str:
    """Marks a message for the catalogues; Flask-Security translates it when it is needed."""
    return words


# Flask-Security's names; each is a text and the kind of banner that says it.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": (
        _("Address and password do not go together. Check both, or ask for a new password."),
        "risk",
    ),
    "PASSWORD_NOT_PROVIDED": (_("Type your password."), "risk"),
    "INVALID_PASSWORD": (_("This is not your password. Type it once more."), "risk"),
    "PASSWORD_IS_THE_SAME": (_("This is your password already. Choose another."), "risk"),
    "PASSWORD_RESET_REQUEST": (
        _("If the address is known here, a link is on its way. It works for an hour."),
        "toast",
    ),
    "PASSWORD_RESET_EXPIRED": (
        _("This link is more than an hour old. Ask for a new one here."),
        "watch",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _("This link has been used already or is not complete. Ask for a new one here."),
        "watch",
    ),
    "PASSWORD_RESET_NO_LOGIN": (
        _("Your new password is set. Sign in with it; everywhere else you are signed out."),
        "good",
    ),
    "PASSWORD_CHANGE": (
        _("Your password is changed. Everywhere else you are signed out."),
        "good",
    ),
    "REAUTHENTICATION_REQUIRED": (_("Confirm that it is you before you go on."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Confirmed."), "toast"),
    "API_ERROR": (_("This is not what was asked for here."), "risk"),
}
