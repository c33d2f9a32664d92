"""Early warning over the accounts in reach: settings, the nightly evaluation, what it raised."""

from portal.services.alerts.evaluation import evaluate_accounts
from portal.services.alerts.settings import change_rule, forget_rule, rule_book
from portal.services.alerts.watching import due_accounts

__all__ = ["change_rule", "due_accounts", "evaluate_accounts", "forget_rule", "rule_book"]
