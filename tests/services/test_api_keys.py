import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.domain.errors import Invalid, NotFound
from portal.models import Account, ApiKey, AuditEntry
from portal.services.api_keys import (
    create_key,
    find_key,
    find_recent_key,
    list_keys,
    revoke_key,
)
from tests.blueprints.usage import counted
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


def test_a_key_found_a_moment_ago_is_not_asked_again(database: Database) -> None:
    with at(database) as session:
        made = create_key(session, "Web", "write")
    first = find_recent_key(database, made.secret, "write", NOON)
    with counted(database) as sent:
        assert find_recent_key(database, made.secret, "write", after(1)) == first
        assert sent == []
        assert find_recent_key(database, made.secret, "write", after(3)) == first
        assert sent != []
    assert find_recent_key(database, made.secret, "api", NOON) is None
    assert find_recent_key(database, made.secret + "x", "write", NOON) is None


def test_a_key_revoked_here_is_refused_at_once(database: Database) -> None:
    with at(database) as session:
        made = create_key(session, "Web", "write")
    assert find_recent_key(database, made.secret, "write", NOON) is not None
    with at(database) as session:
        revoke_key(session, made.key)
    assert find_recent_key(database, made.secret, "write", NOON) is None


def test_a_key_revoked_elsewhere_is_refused_after_two_seconds(database: Database) -> None:
    with at(database) as session:
        made = create_key(session, "Web", "write")
    assert find_recent_key(database, made.secret, "write", NOON) is not None
    with at(database) as session:
        session.execute(update(ApiKey).values(revoked_at=NOON))
        session.commit()
    assert find_recent_key(database, made.secret, "write", after(1)) is not None
    assert find_recent_key(database, made.secret, "write", after(2)) is None
