from hypothesis import given
from hypothesis import strategies as st

from portal.search.spelling import Spelling, allowed_distance, prefix_range

_WORDS = st.text(alphabet="abcd", min_size=1, max_size=12)


@given(_WORDS, st.lists(_WORDS, max_size=30, unique=True))
def test_near_words_are_those_of_the_plain_table(word: str, words: list[str]) -> None:
    most = allowed_distance(word)
    plain = [(_distance(word, other), number) for number, other in enumerate(words)]
    expected = sorted(pair for pair in plain if 0 < pair[0] <= most)
    assert Spelling(words).near(word) == expected


@given(_WORDS, st.lists(_WORDS, max_size=30, unique=True))
def test_prefix_range_holds_the_words_that_begin_so(prefix: str, words: list[str]) -> None:
    words.sort()
    first, last = prefix_range(words, prefix)
    assert words[first:last] == [word for word in words if word.startswith(prefix)]


def test_short_words_and_codes_are_left_alone() -> None:
    assert [allowed_distance(one) for one in ("cat", "cats", "password", "fm2040b")] == [0, 1, 2, 0]
    assert Spelling(["cat", "fm2041b"]).near("fm2040b") == []


def _distance(one: str, other: str) -> int:
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
