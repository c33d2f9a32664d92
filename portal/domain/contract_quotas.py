"""What a contract may allow of besides seats: an amount in any 30 days."""

from dataclasses import dataclass
from decimal import Decimal

from portal.domain.account_metrics import volume_series_of
from portal.domain.errors import Invalid
from portal.domain.volumes import MOST, SERIES_KEY, STEP

CALLS = "integration_calls"
LONGEST_MEASURE = 100


@dataclass(frozen=True, slots=True)
class Quota:
    """`measure`: CALLS, or a series of business volume as account_metrics names it. `own`: the
    account's, in the place of what its edition says. `name`: the series', for the reader.
    """

    measure: str
    amount: Decimal
    own: bool = False
    name: str = ""


def is_measure(text: str) -> bool:
    return text == CALLS or bool(SERIES_KEY.fullmatch(volume_series_of(text) or ""))


def checked_measure(text: str) -> str:
    """Raises Invalid (measure)."""
    if not is_measure(text):
        said = f"{CALLS}, or volume: and the key of a series."
        raise Invalid(said, code="quota-measure", fields={"measure": said})
    return text


def checked_amount(amount: Decimal) -> Decimal:
    """Raises Invalid (amount)."""
    if not amount.is_finite() or not STEP <= amount <= MOST:
        said = f"A number above 0, at most {MOST}, is needed."
        raise Invalid(said, code="quota-amount", fields={"amount": said})
    return amount.quantize(STEP)
