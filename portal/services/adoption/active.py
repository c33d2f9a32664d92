from datetime import date

from sqlalchemy.orm import Session

from portal.services.adoption.sheet import Sheet, sheet_of
from portal.services.adoption.window import Window, find_run
from portal.usage.bitmaps import union_of


def count_active(session: Session, account_key: str, first: date, last: date) -> int:
    """Distinct persons with at least one event from `first` to `last`, both included: of those
    set up on the last day, where the account has a list of persons.
    """
    window = find_run(session, account_key, first, last)
    return active_of(sheet_of(session, window), window)


def active_of(sheet: Sheet, window: Window) -> int:
    users = union_of([day.users for day in sheet.days(window.first, window.last)])
    listed = sheet.provisioned(window)
    return len(users & listed.seen if listed.count else users)
