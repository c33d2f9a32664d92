"""One account's adoption (DOMAIN §2), for page, API, command and report alike.

Every function takes (session, account_key, …) and raises NotFound for an account out of reach and
Invalid for a window that cannot be. Days are days of the account's zone. Without `as_of` the last
full local day counts: yesterday over there.
"""

from portal.services.adoption.basis import Basis, usage_basis
from portal.services.adoption.features import FeatureUse, feature_use
from portal.services.adoption.figures import (
    Adoption,
    Breadth,
    adoption_before,
    compare,
    show_adoption,
)
from portal.services.adoption.freshness import Freshness, freshness
from portal.services.adoption.hours import Heat, hour_heat
from portal.services.adoption.integrations import (
    CallsOfDay,
    IntegrationCalls,
    IntegrationUse,
    integration_calls,
)
from portal.services.adoption.online import Online, OnlineDay, time_online
from portal.services.adoption.overview import Overview, show_overview
from portal.services.adoption.people import (
    GroupRow,
    People,
    PersonRow,
    people_use,
    team_use,
)
from portal.services.adoption.person_lifecycle import (
    STATES,
    MovedPerson,
    Moves,
    WeekMoves,
    moved_persons,
    person_moves,
)
from portal.services.adoption.retention import Cohort, Retention, WeekOfAll, cohort_retention
from portal.services.adoption.series import (
    DayFigures,
    IntegrationDay,
    Integrations,
    Week,
    account_series,
    integration_series,
    weekly_active,
)
from portal.services.adoption.standing import Standing, look_at_standing, read_standing
from portal.services.adoption.teams import (
    TeamFeature,
    TeamFigures,
    Teams,
    show_team,
    show_teams,
)
from portal.services.adoption.weeks import MOST_WEEKS, USUAL_WEEKS
from portal.services.adoption.window import LONGEST_WINDOW, Window, find_window, last_full_day

__all__ = [
    "LONGEST_WINDOW",
    "MOST_WEEKS",
    "STATES",
    "USUAL_WEEKS",
    "Adoption",
    "Basis",
    "Breadth",
    "CallsOfDay",
    "Cohort",
    "DayFigures",
    "FeatureUse",
    "Freshness",
    "GroupRow",
    "Heat",
    "IntegrationCalls",
    "IntegrationDay",
    "IntegrationUse",
    "Integrations",
    "MovedPerson",
    "Moves",
    "Online",
    "OnlineDay",
    "Overview",
    "People",
    "PersonRow",
    "Retention",
    "Standing",
    "TeamFeature",
    "TeamFigures",
    "Teams",
    "Week",
    "WeekMoves",
    "WeekOfAll",
    "Window",
    "account_series",
    "adoption_before",
    "cohort_retention",
    "compare",
    "feature_use",
    "find_window",
    "freshness",
    "hour_heat",
    "integration_calls",
    "integration_series",
    "last_full_day",
    "look_at_standing",
    "moved_persons",
    "people_use",
    "person_moves",
    "read_standing",
    "show_adoption",
    "show_overview",
    "show_team",
    "show_teams",
    "team_use",
    "time_online",
    "usage_basis",
    "weekly_active",
]
