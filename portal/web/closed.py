from flask import Response


def closed(response: Response) -> Response:
    """Of a page whose address opens something: not kept, not found, not told to others."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
