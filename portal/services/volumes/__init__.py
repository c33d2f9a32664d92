"""Business volume (DOMAIN §2): series that the vendor pushes, summed per day of the account.

Every function raises NotFound for an account out of reach. An item counts once for its `id` within
the account; corrections are items below zero.
"""

from portal.services.volumes.course import volume_course
from portal.services.volumes.listing import (
    ItemPage,
    ItemRow,
    SeriesHead,
    list_items,
    list_series,
)
from portal.services.volumes.names import measure_names, measure_names_anywhere, named
from portal.services.volumes.pushing import PushReceipt, PushRefused, add_volumes, push_volumes
from portal.services.volumes.series import (
    Series,
    series_of_account,
    volume_revision,
    volume_series,
)

__all__ = [
    "ItemPage",
    "ItemRow",
    "PushReceipt",
    "PushRefused",
    "Series",
    "SeriesHead",
    "add_volumes",
    "list_items",
    "list_series",
    "measure_names",
    "measure_names_anywhere",
    "named",
    "push_volumes",
    "series_of_account",
    "volume_course",
    "volume_revision",
    "volume_series",
]
