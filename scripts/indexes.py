"""The machine's pip configuration, told to uv, which does not read it by itself."""

import ast
import os
import subprocess
from pathlib import Path

# pip's name for a setting, uv's variable for it, and what stands between several values.
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", ""),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "proxy": ("HTTPS_PROXY", ""),
}


def for_uv(python: Path) -> dict[str, str]:
    """The environment for uv. A variable that is set already keeps its value."""
    found = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return {**translated(found.stdout), **os.environ}


def translated(listing: str) -> dict[str, str]:
    """`pip config list` as uv's variables; pip looks at all indexes, so uv is told to as well."""
    told = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        variable, between = VARIABLES.get(key.rpartition(".")[2], ("", ""))
        if variable:
            told[variable] = _joined(value, between)
    return told


def _joined(value: str, between: str) -> str:
    try:
        text = str(ast.literal_eval(value))
    except (SyntaxError, ValueError):
        text = value
    return between.join(text.split()) if between else text
