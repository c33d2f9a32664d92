"""YAML as authors of files may write it: read strictly, a single line written in one way only."""

import json
from collections import Counter
from functools import lru_cache
from typing import Any

import yaml

from portal.domain.errors import Invalid


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would keep the last without a word, and
    aliases, which can make a small file very large.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Invalid("There may be no aliases (*).")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 # the signature of PyYAML
        names = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
        twice = {name for name, times in names.items() if times > 1}
        if twice:
            raise Invalid(f"The key “{min(twice)[:80]}” stands twice.")
        return super().construct_mapping(node, deep)


def read_mapping(text: str, *, first_line: int = 1, called: str = "file") -> dict[str, Any]:
    """Keys with values. Raises Invalid, naming the line; `first_line` is that of the text in its
    file, of which it is what is `called`.
    """
    try:
        values = yaml.load(text, _Loader)  # noqa: S506 # the loader is a SafeLoader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as failure:
        place = getattr(failure, "problem_mark", None)
        line = f" (line {place.line + first_line})" if place is not None else ""
        raise Invalid(f"The {called} is no valid YAML{line}.") from None
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise Invalid(f"The {called} must hold keys with values.")
    return values


def scalar(value: str) -> str:
    """One line of text as YAML, bare where it reads back the same, else in double quotes."""
    if _reads_back(value):
        return value
    # YAML folds what Unicode calls a line's end (U+0085, U+2028), so these are written by number.
    return json.dumps(value, ensure_ascii=value.splitlines() != [value])


# A text's digest is asked for several times in a load, and YAML is slow.
@lru_cache(maxsize=2048)
def _reads_back(value: str) -> bool:
    """Whether YAML takes the bare text for the same text."""
    if ": " in value or value.splitlines() != [value]:
        return False
    try:
        return bool(yaml.safe_load(f"key: {value}\n") == {"key": value})
    except (yaml.YAMLError, ValueError):
        return False
