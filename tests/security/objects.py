"""What the parameters of addresses stand for, and one object of each kind for two accounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import (
    Alert,
    ApiKey,
    Edition,
    HealthDay,
    HealthOverride,
    Invitation,
    Job,
    Mail,
    MetricTarget,
    PeerMedian,
    RenewalOutcome,
    Task,
    User,
    UserSession,
    ValueReport,
    VolumeDay,
    VolumeItem,
    VolumeSeries,
)
from portal.tenancy import system_scope
from tests.world import ELIF, INGRID, NOW, OSKELUND, QUILLON, World

# (endpoint, parameter) → kind of object. Kinds in TENANT_KINDS belong to an account.
OBJECTS: dict[tuple[str, str], str] = {
    ("static", "filename"): "static file",
    ("security.reset_password", "token"): "reset token",
    ("sign_in.invitation", "secret"): "invitation secret",
    ("sign_in.accept", "secret"): "invitation secret",
    ("people.send_again", "key"): "invitation",
    ("people.take_back", "key"): "invitation",
    ("profile.revoke", "key"): "session",
    ("admin_users.show", "key"): "user",
    ("admin_users.give_role", "key"): "user",
    ("admin_users.shut_out", "key"): "user",
    ("admin_users.let_in", "key"): "user",
    ("admin_users.sign_out_everywhere", "key"): "user",
    ("admin.assignments_save", "account_key"): "account",
    ("admin.jobs_discard", "key"): "job",
    ("admin.jobs_retry", "key"): "job",
    ("admin.keys_revoke", "key"): "api key",
    ("admin.keys_quota", "key"): "api key",
    ("admin.keys_quota_set", "key"): "api key",
    ("admin.mails_show", "key"): "mail",
    ("knowledge.show", "slug"): "text",
    ("alert_rules.show", "rule"): "rule",
    ("alert_rules.save", "rule"): "rule",
    ("alert_rules.replay", "rule"): "rule",
    ("alert_rules.forget", "rule"): "rule",
    ("alerts.show", "key"): "alert",
    ("alerts.snooze", "key"): "alert",
    ("alerts.wake", "key"): "alert",
    ("alerts.close", "key"): "alert",
    ("tasks.show", "key"): "task",
    ("tasks.save", "key"): "task",
    ("tasks.complete", "key"): "task",
    ("tasks.reopen", "key"): "task",
    ("tasks.snooze", "key"): "task",
    ("tasks.wake", "key"): "task",
    ("adoption.of_account", "account_key"): "account",
    ("adoption.people_of_account", "account_key"): "account",
    ("adoption.csv_of_account", "account_key"): "account",
    ("desk.account", "account_key"): "account",
    ("desk.stage", "account_key"): "account",
    ("desk.stage_save", "account_key"): "account",
    ("desk.timeline", "account_key"): "account",
    ("health.show", "account_key"): "account",
    ("health.history_csv", "account_key"): "account",
    ("health.override", "account_key"): "account",
    ("health.override_end", "account_key"): "account",
    ("health.outcome", "account_key"): "account",
    ("health.outcome_remove", "key"): "outcome",
    ("adoption.csv", "what"): "table",
    ("adoption.csv_of_account", "what"): "table",
    ("adoption.retention_of_account", "account_key"): "account",
    ("adoption.online_of_account", "account_key"): "account",
    ("adoption.integrations_of_account", "account_key"): "account",
    ("adoption.targets_of_account", "account_key"): "account",
    ("adoption.target_new", "account_key"): "account",
    ("adoption.target_set", "account_key"): "account",
    ("adoption.target_edit", "account_key"): "account",
    ("adoption.target_edit", "key"): "target",
    ("adoption.target_change", "account_key"): "account",
    ("adoption.target_change", "key"): "target",
    ("adoption.target_remove", "account_key"): "account",
    ("adoption.target_remove", "key"): "target",
    ("adoption.team_of_account", "account_key"): "account",
    ("adoption.teams_of_account", "account_key"): "account",
    ("adoption.lifecycle_of_account", "account_key"): "account",
    ("catalogue.feature", "key"): "feature",
    ("catalogue.save", "key"): "feature",
    ("catalogue.archive", "key"): "feature",
    ("catalogue.restore", "key"): "feature",
    ("catalogue.move", "key"): "feature",
    ("catalogue.rule_add", "key"): "feature",
    ("catalogue.rule_remove", "rule"): "event rule",
    ("catalogue.edition", "key"): "edition",
    ("catalogue.edition_save", "key"): "edition",
    ("catalogue.edition_delete", "key"): "edition",
    ("segments.show", "key"): "segment",
    ("segments.save", "key"): "segment",
    ("segments.move", "key"): "segment",
    ("segments.delete", "key"): "segment",
    ("contracts.show", "account_key"): "account",
    ("contracts.edition", "account_key"): "account",
    ("contracts.features", "account_key"): "account",
    ("api.adoption", "key"): "account",
    ("api.retention", "key"): "account",
    ("api.usage_days_push", "key"): "account",
    ("api.volumes", "key"): "account",
    ("api.volumes_push", "key"): "account",
    ("ingest.take_in", "kind"): "message kind",
    ("ingest.take_in", "short"): "short kind",
    ("ingest.settings", "key"): "write key",
    ("posthog.config", "token"): "write key",
    ("posthog.config_script", "token"): "write key",
    ("reports.show", "key"): "report",
    ("reports.pdf", "key"): "published report",
    ("reports.pdf", "locale"): "locale",
    ("reports.words", "key"): "report",
    ("reports.words_save", "key"): "report",
    ("reports.publish", "key"): "report",
    ("reports.discard", "key"): "report",
    ("reports.new_version", "key"): "report",
}
TENANT_KINDS = frozenset(
    {
        "alert",
        "outcome",
        "target",
        "task",
        "report",
        "published report",
        "account",
        "invitation",
        "session",
        "user",
    }
)
FIXED = {
    "rule": "silence",
    "event rule": "no-such-rule",
    "feature": "approval-chains",
    "edition": "complete",
    "segment": "small",
    "static file": "img/mark.svg",
    "reset token": "no-such-token",
    "invitation secret": "no-such-secret",
    "locale": "en",
    "table": "days",
    "message kind": "track",
    "short kind": "t",
    "write key": "no-such-key",
    # Who reads which text is tested in security/test_audience.py.
    "text": "two-levels-are-enough",
}

EVIDENCE = {
    "day": "2026-11-01",
    "measure": "wau",
    "numbers": {"workdays": 5, "days": 5, "provisioned": 6},
    "points": [["2026-10-25", 6.0], ["2026-11-01", 0.0]],
    "line": None,
    "features": [],
}


@dataclass(frozen=True)
class Objects:
    """`own` is Oskelund Foods' object of a kind, `foreign` Quillon Insurance's."""

    of_oskelund: dict[str, str]
    of_quillon: dict[str, str]
    tenant_kinds: frozenset[str] = TENANT_KINDS

    def own(self, kind: str) -> str:
        return FIXED.get(kind) or self.of_oskelund[kind]

    def foreign(self, kind: str) -> str:
        return FIXED.get(kind) or self.of_quillon[kind]

    def missing(self, kind: str) -> str:
        return FIXED.get(kind) or ("no-such-key" if kind in TENANT_KINDS else self.own(kind))


def make_objects(world: World) -> Objects:
    made = {}
    with world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.add(Edition(key="complete", name_en="Complete"))
        for company, champion in ((OSKELUND, INGRID), (QUILLON, ELIF)):
            account_id, short = world.accounts[company.key], company.key[:3]
            session.add_all(
                [
                    MetricTarget(
                        account_id=account_id,
                        key=f"target-{short}",
                        metric="mau",
                        goal=100.0,
                        due=date(2027, 6, 30),
                        set_on=date(2026, 11, 1),
                        changed_at=NOW,
                    ),
                    PeerMedian(
                        account_id=account_id,
                        metric="depth",
                        day=date(2026, 11, 1),
                        median=0.5,
                        others=5,
                    ),
                    ValueReport(
                        account_id=account_id,
                        key=f"report-{short}",
                        first=date(2026, 7, 1),
                        last=date(2026, 9, 30),
                        notes={},
                        created_at=NOW,
                        updated_at=NOW,
                    ),
                    Job(
                        key=f"job-{short}",
                        name="mail.send",
                        payload={},
                        state="dead",
                        due_at=NOW,
                        created_at=NOW,
                        account_id=account_id,
                    ),
                    ApiKey(
                        key=f"key-{short}",
                        name="Backend",
                        kind="write",
                        secret_hash=short * 16,
                        hint="plw_1234",
                        created_at=NOW,
                        account_id=account_id,
                    ),
                    Mail(
                        key=f"mail-{short}",
                        idempotency_key=short,
                        recipient=champion,
                        subject="Hello",
                        text="Hello",
                        html="<p>Hello</p>",
                        locale="en",
                        created_at=NOW,
                        account_id=account_id,
                    ),
                    Alert(
                        key=f"alert-{short}",
                        account_id=account_id,
                        rule="silence",
                        gravity="high",
                        opened_on=date(2026, 11, 1),
                        last_seen_on=date(2026, 11, 1),
                        created_at=NOW,
                        reference=5,
                        opening=EVIDENCE,
                        latest=EVIDENCE,
                    ),
                    Task(
                        key=f"task-{short}",
                        account_id=account_id,
                        kind="call",
                        title="Call them",
                        due_on=date(2026, 11, 2),
                        created_at=NOW,
                    ),
                    Invitation(
                        key=f"invitation-{short}",
                        email=f"new@{company.key}.example",
                        role="member",
                        secret_hash=short * 16,
                        created_at=NOW,
                        expires_at=NOW,
                        account_id=account_id,
                    ),
                    RenewalOutcome(
                        key=f"outcome-{short}",
                        account_id=account_id,
                        day=date(2026, 1, 31),
                        outcome="renewed",
                        created_at=NOW,
                    ),
                    HealthDay(
                        account_id=account_id,
                        day=date(2026, 11, 20),
                        segment="standard",
                        score=62,
                        band="yellow",
                        values={"activity": 62.0},
                        signals={"login_ratio": 0.496},
                        own={},
                        version=0,
                    ),
                    HealthOverride(
                        account_id=account_id,
                        band="green",
                        reason="They have just signed for a year more.",
                        until=date(2026, 12, 31),
                        created_at=NOW,
                    ),
                    UserSession(
                        key=f"session-{short}",
                        user_id=world.users[champion][0],
                        secret_hash=short * 16,
                        created_at=NOW,
                        seen_at=NOW,
                        account_id=account_id,
                    ),
                ]
            )
            _add_volume(session, account_id)
            made[company.key] = {
                "account": company.key,
                "report": f"report-{short}",
                "target": f"target-{short}",
                "published report": f"report-{short}",
                "job": f"job-{short}",
                "api key": f"key-{short}",
                "mail": f"mail-{short}",
                "alert": f"alert-{short}",
                "outcome": f"outcome-{short}",
                "task": f"task-{short}",
                "invitation": f"invitation-{short}",
                "session": f"session-{short}",
                "user": _key_of(session, champion),
            }
        session.commit()
    return Objects(made[OSKELUND.key], made[QUILLON.key])


def _add_volume(session: Session, account_id: int) -> None:
    series = VolumeSeries(account_id=account_id, key="orders")
    session.add(series)
    session.flush()
    day, amount = NOW.date(), Decimal("1.5")
    session.add(VolumeDay(account_id=account_id, series_id=series.id, day=day, total=amount))
    session.add(
        VolumeItem(
            account_id=account_id,
            series_id=series.id,
            item_id="one",
            day=day,
            value=amount,
            received_at=NOW,
        )
    )


def _key_of(session: Session, email: str) -> str:
    return session.scalars(select(User.key).where(User.email == email)).one()
