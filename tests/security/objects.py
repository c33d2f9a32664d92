"""What the parameters of addresses stand for, and one object of each kind for two accounts."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Edition, User
from portal.tenancy import system_scope
from tests.security.owned.desk import add_desk
from tests.security.owned.house import add_house
from tests.security.owned.owner import Owner
from tests.security.owned.request_files import add_request_file
from tests.security.owned.requests import SHARED, add_requests
from tests.security.owned.training import add_training
from tests.security.owned.usage import add_usage
from tests.world import ELIF, INGRID, NOW, OSKELUND, QUILLON, World

# (endpoint, parameter) → kind of object. Kinds in TENANT_KINDS belong to an account.
OBJECTS: dict[tuple[str, str], str] = {
    ("static", "filename"): "static file",
    ("security.reset_password", "token"): "reset token",
    ("sign_in.invitation", "secret"): "invitation secret",
    ("sign_in.accept", "secret"): "invitation secret",
    ("people.send_again", "key"): "invitation",
    ("person_data.download", "key"): "person request",
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
    ("notices.show", "key"): "notice",
    ("notices.leave", "token"): "signed link",
    ("notices.left", "token"): "signed link",
    ("confirming.show", "token"): "signed link",
    ("confirming.answer", "token"): "signed link",
    ("knowledge.show", "slug"): "text",
    ("knowledge.calendar", "slug"): "text",
    ("publishing.markdown", "slug"): "text",
    ("readings.note", "slug"): "text",
    ("readings.company", "slug"): "text",
    ("readings.helped", "slug"): "text",
    ("readings.ask", "slug"): "text",
    ("readings.say", "slug"): "text",
    ("readings.show", "slug"): "text",
    ("publishing.sitemap_part", "part"): "site map",
    ("knowledge_files.show", "key"): "picture",
    **{
        (f"editorial.{view}", "slug"): "text"
        for view in (
            *("show", "ask", "give_back", "plan", "take", "put_away", "discard", "revisions"),
            *("bring_up", "back_to_revisions", "beside", "agree", "convert", "give", "still_right"),
        )
    },
    **{
        (f"editorial.{view}", "language"): "locale"
        for view in (
            *("discard", "revisions", "bring_up", "back_to_revisions"),
            *("beside", "agree", "convert"),
        )
    },
    ("editorial.take", "step"): "step",
    **{(f"editorial.{view}", "number"): "number" for view in ("bring_up", "back_to_revisions")},
    **{
        (f"knowledge_editor.{view}", "slug"): "text"
        for view in ("choose", "edit", "save", "preview", "standing")
    },
    **{
        (f"knowledge_editor.{view}", "language"): "locale"
        for view in ("edit", "save", "preview", "standing")
    },
    **{
        ("training." + name, "slug"): "course"
        for name in ("course", "lesson", "complete", "reopen", "quiz", "begin", "attempt", "answer")
    },
    **{("training." + name, "lesson"): "lesson" for name in ("lesson", "complete", "reopen")},
    **{
        ("courses." + name, "slug"): "course"
        for name in ("show", "rules", "lesson_new", "lesson_add", "question_new", "question_add")
    },
    ("courses.changes", "slug"): "course",
    ("courses.changes", "step"): "shape step",
    ("courses.lesson_keep", "slug"): "course",
    ("courses.lesson_keep", "lesson"): "lesson",
    **{
        (f"courses.{name}", parameter): kind
        for thing, key, kind in (("lesson", "lesson", "lesson"), ("question", "key", "question"))
        for name in (thing, f"{thing}_save", f"{thing}_move", f"{thing}_remove")
        for parameter, kind in (("slug", "course"), (key, kind), ("way", "way"))
    },
    **{
        (f"courses.lesson_{name}", parameter): kind
        for name in (
            *("preview", "standing", "discard"),
            *("revisions", "restore", "beside", "agree"),
        )
        for parameter, kind in (
            *(("slug", "course"), ("lesson", "lesson")),
            *(("language", "locale"), ("number", "number")),
        )
    },
    **{("live_sessions." + name, "account_key"): "account" for name in ("new", "plan")},
    **{
        ("live_sessions." + name, "key"): "live session"
        for name in (
            *("show", "calendar", "edit", "change", "cancel", "materials", "mark"),
            *("tell_needs", "attendance", "invite", "remove"),
        )
    },
    ("live_sessions.mark", "user"): "user",
    ("live_sessions.remove", "user"): "user",
    ("quiz_answers.show", "key"): "review",
    ("quiz_answers.decide", "key"): "review",
    ("team_training.of_account", "account_key"): "account",
    ("team_training.csv_of_account", "account_key"): "account",
    ("team_training.withdraw", "key"): "assignment",
    ("team_training.trainer_remove", "key"): "user",
    ("team_training.attempt", "key"): "user",
    ("team_training.attempt", "slug"): "course",
    ("team_training.attempt_of_account", "account_key"): "account",
    ("team_training.attempt_of_account", "key"): "user",
    ("team_training.attempt_of_account", "slug"): "course",
    ("training.attempt", "key"): "attempt",
    ("training.answer", "key"): "attempt",
    ("certificates.show", "code"): "certificate number",
    ("certificates.pdf", "code"): "certificate number",
    ("certificates.pdf", "locale"): "locale",
    ("certificates.withdraw", "code"): "certificate",
    **{(f"roadmap.{view}", "key"): "shared request" for view in ("show", "join")},
    ("roadmap.feed", "token"): "feed token",
    ("roadmap.feed_revoke", "key"): "feed",
    **{
        (f"sharing.{view}", "key"): "shared request"
        for view in ("show", "save", "move", "publish", "hide", "merge_into", "track")
    },
    **{(f"sharing.{view}", "key"): "request" for view in ("merging", "merge", "family")},
    ("sharing.undo", "key"): "merge",
    ("alert_rules.show", "rule"): "rule",
    ("alert_rules.save", "rule"): "rule",
    ("alert_rules.replay", "rule"): "rule",
    ("alert_rules.forget", "rule"): "rule",
    ("alerts.show", "key"): "alert",
    ("alerts.snooze", "key"): "alert",
    ("alerts.wake", "key"): "alert",
    ("alerts.close", "key"): "alert",
    **{
        ("triage." + name, "key"): "request"
        for name in (
            "show",
            "message",
            "note",
            "move",
            "relay",
            "give",
            "sort",
            "grade",
            "vote",
            "track",
            "judge",
        )
    },
    ("triage.bulk_undo", "key"): "bulk act",
    **{(f"replies.{view}", "key"): "canned reply" for view in ("edit", "save", "delete")},
    ("hooks.tracker", "secret"): "tracker secret",
    ("tasks.show", "key"): "task",
    ("tasks.save", "key"): "task",
    ("tasks.complete", "key"): "task",
    ("tasks.reopen", "key"): "task",
    ("tasks.snooze", "key"): "task",
    ("tasks.wake", "key"): "task",
    ("adoption.of_account", "account_key"): "account",
    ("adoption.people_of_account", "account_key"): "account",
    ("adoption.steps_of_account", "account_key"): "account",
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
    ("catalogue.edition_quotas", "key"): "edition",
    ("catalogue.edition_delete", "key"): "edition",
    ("search.judgement_forget", "key"): "judged question",
    ("search.words_remove", "key"): "search words",
    ("loop_settings.levels_tier", "tier"): "tier",
    ("loop_settings.levels_tier_save", "tier"): "tier",
    ("loop_settings.levels_calendar", "key"): "service calendar",
    ("loop_settings.levels_calendar_save", "key"): "service calendar",
    ("loop_settings.levels_calendar_delete", "key"): "service calendar",
    ("segments.show", "key"): "segment",
    ("segments.save", "key"): "segment",
    ("segments.move", "key"): "segment",
    ("segments.delete", "key"): "segment",
    ("contracts.show", "account_key"): "account",
    ("contracts.edition", "account_key"): "account",
    ("contracts.quotas", "account_key"): "account",
    ("contracts.holidays", "account_key"): "account",
    ("contracts.features", "account_key"): "account",
    ("api.adoption", "key"): "account",
    ("api.retention", "key"): "account",
    ("api.usage_days_push", "key"): "account",
    **{
        (f"api.{view}", "key"): "request"
        for view in (
            *("request", "request_messages", "request_votes", "request_moves"),
            *("request_judgements", "request_answers", "request_votes_back"),
            *("request_files", "request_files_add"),
        )
    },
    ("api.volumes", "key"): "account",
    ("api.volumes_push", "key"): "account",
    ("ingest.take_in", "kind"): "message kind",
    ("ingest.take_in", "short"): "short kind",
    ("ingest.settings", "key"): "write key",
    ("posthog.config", "token"): "write key",
    ("posthog.config_script", "token"): "write key",
    ("request_files.show", "key"): "request file",
    ("request_files.remove", "key"): "request file",
    ("request_files.fetch", "token"): "file token",
    ("knowledge_files.fetch", "token"): "file token",
    ("reports.show", "key"): "report",
    ("reports.pdf", "key"): "published report",
    ("reports.pdf", "locale"): "locale",
    ("reports.words", "key"): "report",
    ("reports.words_save", "key"): "report",
    ("reports.publish", "key"): "report",
    ("reports.discard", "key"): "report",
    ("reports.new_version", "key"): "report",
    **{
        (f"requests.{view}", "kind"): "request kind"
        for view in ("tell", "hand_in_new", "keep", "discard")
    },
    **{
        (f"requests.{view}", "key"): "request"
        for view in ("show", "vote", "unvote", "follow", "unfollow", "message", "answer")
    },
}
TENANT_KINDS = frozenset(
    {
        "alert",
        "assignment",
        "attempt",
        "certificate",
        "live session",
        "review",
        "merge",
        "message",
        "outcome",
        "request",
        "target",
        "task",
        "report",
        "published report",
        "request file",
        "account",
        "invitation",
        "person request",
        "session",
        "user",
    }
)
FIXED = {
    "rule": "silence",
    "event rule": "no-such-rule",
    # Only whoever did it finds it, tested in services/requests/test_bulk.py.
    "bulk act": "no-such-act",
    # Likewise, in blueprints/roadmap/test_feed.py.
    "feed": "no-such-feed",
    # The vendor's own, of no account.
    "canned reply": "no-such-reply",
    "tracker secret": "no-such-secret",
    "feature": "approval-chains",
    "edition": "complete",
    "segment": "small",
    "tier": "standard",
    "service calendar": "no-such-calendar",
    "judged question": "no-such-question",
    "search words": "no-such-words",
    "static file": "img/mark.svg",
    "file token": "no-such-token",
    "reset token": "no-such-token",
    # Whose token reads what is tested in blueprints/roadmap/test_feed.py.
    "feed token": "no-such-token",
    "signed link": "no-such-link",
    "invitation secret": "no-such-secret",
    "course": "a-course",
    "lesson": "first",
    "question": "one",
    "way": "up",
    "request kind": "need",
    "step": "publish",
    "shape step": "discard",
    "number": "1",
    # Public by design: whoever has a number may check it.
    "certificate number": "no-such-number",
    "locale": "en",
    "table": "days",
    "message kind": "track",
    "short kind": "t",
    "write key": "no-such-key",
    # Who sees which picture is tested in security/test_pictures.py.
    "picture": f"{'0' * 40}-8x8.webp",
    # Who reads which text is tested in security/test_audience.py.
    "text": "two-levels-are-enough",
    "site map": "1",
    # Of no account: what each may see of it is tested in blueprints/roadmap.
    "shared request": SHARED,
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
            owner = Owner(
                world.accounts[company.key], company.key, champion, world.users[champion][0]
            )
            made[company.key] = {
                "account": company.key,
                "user": _key_of(session, champion),
                **add_usage(session, owner),
                **add_house(session, owner),
                **add_desk(session, owner),
                **add_training(session, owner),
                **add_requests(session, owner),
                **add_request_file(session, owner),
            }
        session.commit()
    return Objects(made[OSKELUND.key], made[QUILLON.key])


def _key_of(session: Session, email: str) -> str:
    return session.scalars(select(User.key).where(User.email == email)).one()
