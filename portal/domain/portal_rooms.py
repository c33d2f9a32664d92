"""The rooms of the portal that a text may point into: what an address of ours begins with."""

ROOMS = frozenset(
    {
        *("accounts", "admin", "adoption", "alerts", "certificates", "courses", "design"),
        *("editorial", "knowledge", "me", "notices", "people", "person-data"),
        *("portfolio", "quiz-answers"),
        *("reading-statistics", "reports", "requests", "roadmap", "search", "sessions"),
        *("settings", "sign-in", "static", "tasks", "training", "triage", "whats-new"),
    }
)


def is_room(path: str) -> bool:
    """Of an address that begins with one slash. The first page is one."""
    first = path.removeprefix("/").partition("?")[0].partition("#")[0].partition("/")[0]
    return not first or first.partition(".")[0] in ROOMS
