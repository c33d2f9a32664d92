"""Addresses as others keep them: whole, and made of the portal's own name, never of a request's."""

from urllib.parse import urlencode

from portal.web.state import state


def of_portal(path: str, **query: str) -> str:
    """`path` begins with a slash."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{state().settings.public_url.rstrip('/')}{path}{asked}"
