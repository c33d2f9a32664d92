"""The words of the knowledge hub: types, their folders, states."""

BEST_PRACTICE, CUSTOMER_CASE, FAQ = "best-practice", "customer-case", "faq"
GUIDE, RELEASE_NOTE = "guide", "release-note"
# In the order in which a reader meets them.
COLLECTIONS = {
    BEST_PRACTICE: "best-practices",
    CUSTOMER_CASE: "customer-cases",
    FAQ: "faqs",
    GUIDE: "guides",
    RELEASE_NOTE: "release-notes",
}
TYPES = tuple(COLLECTIONS)
DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
LONGEST_SLUG = 120


def address(slug: str) -> str:
    """The path of an item's page."""
    return f"/knowledge/{slug}"
