import pytest
from sqlalchemy import select

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.models import Account, ApiKey, AuditEntry
from portal.services.api_keys import create_key, find_key, list_keys, note_use, revoke_key
from tests.moments import NOON, after, at


def add_account(database: Database) -> int:
    with at(database) as session:
        account = Account(key="oskelund", name="Oskelund Foods", created_at=NOON)
        session.add(account)
        session.commit()
        return account.id


def test_a_secret_opens_its_own_kind_only(database: Database) -> None:
    with at(database) as session:
        write, api = create_key(session, " Web ", "write"), create_key(session, "BI", "api")
        assert write.secret.startswith("plw_")
        assert api.secret.startswith("pla_")
        found = find_key(session, write.secret, "write")
        assert found is not None
        assert (found.key, found.name, found.account_id) == (write.key, "Web", None)
        assert find_key(session, write.secret, "api") is None
        assert find_key(session, write.secret + "x", "write") is None
        assert find_key(session, "", "api") is None


def test_the_secret_is_not_kept(database: Database) -> None:
    with at(database) as session:
        secret = create_key(session, "Web", "write").secret
        kept = str(session.execute(select(*ApiKey.__table__.c)).all())
        audited = str(session.execute(select(*AuditEntry.__table__.c)).all())
    assert secret[8:] not in kept + audited


def test_a_key_may_be_of_one_account(database: Database) -> None:
    account_id = add_account(database)
    with at(database) as session:
        secret = create_key(session, "Oskelund", "api", "oskelund").secret
        found = find_key(session, secret, "api")
        assert found is not None
        assert found.account_id == account_id
        assert [view.account_name for view in list_keys(session)] == ["Oskelund Foods"]
        with pytest.raises(NotFound):
            create_key(session, "Nobody", "api", "nobody")


@pytest.mark.parametrize(("name", "kind"), [("", "api"), ("x" * 121, "api"), ("BI", "admin")])
def test_a_key_needs_a_name_and_a_known_kind(
    sqlite_database: Database, name: str, kind: str
) -> None:
    with at(sqlite_database) as session, pytest.raises(Invalid):
        create_key(session, name, kind)


def test_a_revoked_key_opens_nothing(database: Database) -> None:
    with at(database) as session:
        made = create_key(session, "Web", "write")
    with at(database, after(60)) as session:
        revoke_key(session, made.key)
        assert find_key(session, made.secret, "write") is None
    with at(database, after(90)) as session:
        revoke_key(session, made.key)
        assert [view.revoked_at for view in list_keys(session)] == [after(60)]
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions == ["key.created", "key.revoked"]
        with pytest.raises(NotFound):
            revoke_key(session, "nobody")


def test_use_is_noted_to_the_hour(database: Database) -> None:
    with at(database) as session:
        secret = create_key(session, "Web", "write").secret
    for seconds, noted in ((0, NOON), (3000, NOON), (3601, after(3601))):
        with at(database, after(seconds)) as session:
            found = find_key(session, secret, "write")
            assert found is not None
            note_use(session, found.id)
            assert [view.used_at for view in list_keys(session)] == [noted]
