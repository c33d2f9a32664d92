from datetime import date

from sqlalchemy.orm import Session

from portal.services.adoption.window import find_run
from portal.usage.bitmaps import union_of
from portal.usage.queries import read_days, read_provisioned


def count_active(session: Session, account_key: str, first: date, last: date) -> int:
    """Distinct persons with at least one event from `first` to `last`, both included: of those
    set up on the last day, where the account has a list of persons.
    """
    window = find_run(session, account_key, first, last)
    days = read_days(session, window.account.id, window.first, window.last)
    users = union_of([day.users for day in days])
    listed = read_provisioned(session, window.account.id, window.last, window.until)
    return len(users & listed.seen if listed.count else users)
