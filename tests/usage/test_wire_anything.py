"""Whatever comes, the reader answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import DomainError
from tests.usage.wire import GOOD, batch, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GOOD, "context", "properties", "groupId", "sentAt", "channel"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4), JSON)
def test_anything_that_is_json_is_answered(messages: list[Any], sent_at: Any) -> None:
    parsed = parse(batch(*messages, sentAt=sent_at))
    assert len(parsed.events) + len(parsed.refused) == len(messages)


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(body: bytes) -> None:
    for text in (body, b"\x1f\x8b" + body):
        with pytest.raises(DomainError):
            parse(text)
