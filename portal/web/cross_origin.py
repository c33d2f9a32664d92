"""Addresses that any page may ask, wherever it stands: cookies count nothing there."""

from flask import Blueprint, Response, request

A_DAY = 24 * 3600
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def open_to_browsers(blueprint: Blueprint) -> None:
    """Pages of the vendor's product may send to all of its addresses."""
    blueprint.after_request(_let_in)


def _let_in(response: Response) -> Response:
    response.headers.update(OPEN)
    if request.method == "OPTIONS":
        # A star would leave out Authorization, and each client has headers of its own.
        asked = request.headers.get("Access-Control-Request-Headers", "")
        response.headers["Access-Control-Allow-Headers"] = asked
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Max-Age"] = str(A_DAY)
        response.vary.add("Access-Control-Request-Headers")
    return response
