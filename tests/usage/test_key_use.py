from portal.db import Database
from portal.services.api_keys import create_key, find_key, list_keys
from portal.services.ingest import accept
from portal.usage.fold import fold_pending
from portal.usage.wire import check_request
from tests.moments import NOON, after, at


def test_use_is_noted_to_the_hour_by_the_fold(database: Database) -> None:
    with at(database) as session:
        secret = create_key(session, "Web", "write").secret
        key = find_key(session, secret, "write")
        create_key(session, "Never used", "write")
    for seconds, noted in ((0, NOON), (3000, NOON), (3600, after(3600)), (3700, after(3600))):
        accept(database, check_request(b'{"batch": [{}]}', "batch"), after(seconds), key)
        fold_pending(database, after(seconds))
        with at(database) as session:
            used = {view.name: view.used_at for view in list_keys(session)}
        assert used == {"Web": noted, "Never used": None}
