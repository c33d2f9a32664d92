"""CSV files in: accounts, people, features, entitlements, business volume, outcomes, daily usage,
names of modules, industries and regions.

`import_<noun>(session, data, *, dry_run=False) -> ImportReport`, in a system scope opened with
`writes=True`. All or nothing: ImportRefused names every wrong row and column. The same file again
changes nothing. Rows that a file does not name stay as they are.
"""

from portal.services.imports.accounts import import_accounts
from portal.services.imports.entitlements import import_entitlements
from portal.services.imports.features import import_features
from portal.services.imports.outcomes import import_outcomes
from portal.services.imports.people import import_people
from portal.services.imports.quotas import import_quotas
from portal.services.imports.table import ImportRefused, ImportReport, RowError
from portal.services.imports.terms import import_terms
from portal.services.imports.usage_days import import_usage_days
from portal.services.imports.volumes import import_volumes

__all__ = [
    "ImportRefused",
    "ImportReport",
    "RowError",
    "import_accounts",
    "import_entitlements",
    "import_features",
    "import_outcomes",
    "import_people",
    "import_quotas",
    "import_terms",
    "import_usage_days",
    "import_volumes",
]
