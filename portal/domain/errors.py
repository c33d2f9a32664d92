"""What can go wrong for a reason that a person can mend. The door turns each into a page,
a fragment or problem+json; a service never speaks HTTP.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with a stable code.

    `code` is the machine's word (kebab-case), `message` an English sentence that says what is
    wrong and what would be right; `fields` maps a member's name to its own sentence.
    """

    status = 400
    code = "invalid-request"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class Invalid(DomainError):
    status = 422
    code = "invalid"


class NotFound(DomainError):
    """There is no such thing, or it belongs to another account: the reader can't tell which."""

    status = 404
    code = "not-found"

    def __init__(self, message: str = "There is nothing at this address.") -> None:
        super().__init__(message)


class Forbidden(DomainError):
    status = 403
    code = "forbidden"

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)


class Conflict(DomainError):
    status = 409
    code = "conflict"


class TooMany(DomainError):
    """`retry_after` is in whole seconds."""

    status = 429
    code = "too-many-requests"


class TooLarge(DomainError):
    status = 413
    code = "too-large"
