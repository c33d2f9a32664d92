"""What a form says of input that a field cannot take, in our voice: the form library's own words
are those of whoever programmes. A message of it that nobody has put into words here is said by
`ANYTHING_ELSE`, so that no reader ever meets one.
"""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

_FILL_IN, _CHOOSE = _l("Fill this in."), _l("Choose one of the list.")
ANYTHING_ELSE = _l("This does not fit here. Look at it again.")
# By the library's message; the placeholders are those that it fills in.
WORDS = {
    "This field is required.": _FILL_IN,
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid integer value.": _l("Write a whole number, such as 12."),
    "Not a valid decimal value.": _l("Write a number, such as 12.5."),
    "Not a valid float value.": _l("Write a number, such as 12.5."),
    "Number must be at least %(min)s.": _l("Write a number from %(min)s on."),
    "Number must be at most %(max)s.": _l("Write a number of %(max)s at most."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Not a valid date value.": _l("Choose a day, such as 2026-09-30."),
    "Not a valid datetime value.": _l("Choose day and time."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Write from %(min)s to %(max)s characters."
    ),
    "Invalid email address.": _l("This is no mail address. Check it for spaces and signs."),
}


class FormWords:
    """Stands where the library expects its catalogue of a language."""

    def gettext(self, message: str) -> str:
        return str(WORDS.get(message, ANYTHING_ELSE))

    def ngettext(self, singular: str, _plural: str, number: int) -> str:
        """The library's messages with a plural: of lengths, and of choices that there are not."""
        if "%(max)d" in singular:
            return ngettext(
                "Keep it to %(num)s character.", "Keep it to %(num)s characters.", number
            )
        if "%(min)d" in singular:
            return ngettext(
                "Write at least %(num)s character.", "Write at least %(num)s characters.", number
            )
        return str(_CHOOSE)
