"""The one role table (DOMAIN §1). Guards, templates, the API and the help page all ask here."""

from enum import StrEnum


class Role(StrEnum):
    MEMBER = "member"
    CHAMPION = "champion"
    EXECUTIVE = "executive"
    CSM = "csm"
    EDITOR = "editor"
    PRODUCT = "product"
    MANAGER = "manager"
    ADMIN = "admin"
    VISITOR = "visitor"

    @property
    def side(self) -> str:
        """customer, vendor or nobody"""
        if self in CUSTOMER_ROLES:
            return "customer"
        return "nobody" if self is Role.VISITOR else "vendor"


CUSTOMER_ROLES = frozenset({Role.MEMBER, Role.CHAMPION, Role.EXECUTIVE})
VENDOR_ROLES = frozenset({Role.CSM, Role.EDITOR, Role.PRODUCT, Role.MANAGER, Role.ADMIN})


class Permission(StrEnum):
    """What a signed-in person may do. Named object.verb; the value is stable."""

    PORTAL_USE = "portal.use"  # home, own profile, own sessions
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_WRITE = "knowledge.write"
    KNOWLEDGE_PUBLISH = "knowledge.publish"  # review, publish, schedule and archive texts
    TRAINING_TAKE = "training.take"  # lessons, quizzes and certificates of one's own
    SEARCH_TEACH = "search.teach"  # synonyms and stop words of the search
    TRAINING_LEAD = "training.lead"  # ask one's own people to take courses, see how far they are
    ADOPTION_READ = "adoption.read"  # the account's own figures
    PEOPLE_READ = "people.read"  # named persons, subject to the account's privacy switch
    PERSON_DATA = "person.data"  # hand out and erase what is kept of a person
    PEOPLE_INVITE = "people.invite"
    REPORT_READ = "report.read"  # published value reports
    REPORT_WRITE = "report.write"  # draft, approve and publish
    ACCOUNT_DESK = "account.desk"  # the vendor's view of its accounts
    TARGET_WRITE = "target.write"  # targets of an account's figures
    ACCOUNT_ALL = "account.all"  # every account, not only those assigned
    ACCOUNT_SETTINGS = "account.settings"  # privacy switch of the own account
    VOLUME_WRITE = "volume.write"  # push business volume
    USAGE_WRITE = "usage.write"  # tell daily usage as sums
    ALERT_ADMIN = "alert.admin"  # rules of the early warning: switches, thresholds, replays
    SEGMENT_ADMIN = "segment.admin"  # segments of accounts and their rules
    HEALTH_ADMIN = "health.admin"  # weights and bands of the health score, back-tests
    REQUEST_READ = "request.read"  # one's own requests, one's company's and those of all customers
    REQUEST_WRITE = "request.write"  # hand in, vote, follow, write, confirm
    REQUEST_DESK = "request.desk"  # the vendor's view of the requests of its accounts
    REQUEST_TRIAGE = "request.triage"  # grade, merge, plan and ship requests of all accounts
    DESIGN_READ = "design.read"
    USAGE_ADMIN = "usage.admin"  # unmapped names, quarantine, keys, imports
    MAIL_READ = "mail.read"  # the kept mails
    JOB_READ = "job.read"  # queue and dead letters
    AUDIT_READ = "audit.read"
    USER_ADMIN = "user.admin"  # roles, invitations of any account, revoking sessions
    SETTINGS_WRITE = "settings.write"


_EVERYONE = frozenset({Permission.PORTAL_USE, Permission.KNOWLEDGE_READ})
_CUSTOMER = _EVERYONE | {Permission.TRAINING_TAKE, Permission.REQUEST_READ}
_VENDOR = _EVERYONE | {Permission.DESIGN_READ}
_READS_ACCOUNTS = _VENDOR | {
    Permission.REQUEST_DESK,
    Permission.ACCOUNT_DESK,
    Permission.ADOPTION_READ,
    Permission.PEOPLE_READ,
    Permission.REPORT_READ,
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.VISITOR: frozenset(),
    Role.MEMBER: _CUSTOMER | {Permission.REQUEST_WRITE},
    Role.CHAMPION: _CUSTOMER
    | {
        Permission.REQUEST_WRITE,
        Permission.ADOPTION_READ,
        Permission.PEOPLE_READ,
        Permission.TRAINING_LEAD,
        Permission.PERSON_DATA,
        Permission.PEOPLE_INVITE,
        Permission.REPORT_READ,
        Permission.ACCOUNT_SETTINGS,
    },
    Role.EXECUTIVE: _CUSTOMER | {Permission.REPORT_READ},
    Role.CSM: _READS_ACCOUNTS
    | {
        Permission.REPORT_WRITE,
        Permission.TARGET_WRITE,
        Permission.KNOWLEDGE_WRITE,
        Permission.PEOPLE_INVITE,
    },
    Role.EDITOR: _VENDOR
    | {Permission.KNOWLEDGE_WRITE, Permission.KNOWLEDGE_PUBLISH, Permission.SEARCH_TEACH},
    Role.PRODUCT: _VENDOR | {Permission.REQUEST_DESK, Permission.REQUEST_TRIAGE},
    Role.MANAGER: _READS_ACCOUNTS
    | {
        Permission.REPORT_WRITE,
        Permission.TARGET_WRITE,
        Permission.ACCOUNT_ALL,
        Permission.PEOPLE_INVITE,
        Permission.VOLUME_WRITE,
        Permission.USAGE_WRITE,
        Permission.ALERT_ADMIN,
        Permission.SEGMENT_ADMIN,
        Permission.HEALTH_ADMIN,
    },
    Role.ADMIN: frozenset(Permission),
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether the role has the permission. Whose data it reaches is the Scope's matter."""
    return permission in TABLE[role]
