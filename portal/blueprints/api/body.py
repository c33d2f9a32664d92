from decimal import Decimal
from typing import Any

import msgspec
from flask import request

from portal.domain.errors import DomainError

# Numbers keep every digit that was sent.
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def read_body() -> Any:
    """The JSON of the body, whatever its content type says. Raises DomainError (400)."""
    try:
        return _DECODER.decode(request.get_data(cache=False))
    except (msgspec.DecodeError, RecursionError, ValueError, ArithmeticError):
        raise DomainError("The body is not valid JSON.", code="invalid-json") from None
