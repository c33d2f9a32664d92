"""How figures of persons are spread."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.distribution import Bucket, spread

EDGES = (0, 15, 60, 180)


def test_each_figure_is_in_its_step() -> None:
    assert spread([0, 14, 15, 179, 180, 9000], EDGES) == [
        Bucket(0, 15, 2),
        Bucket(15, 60, 1),
        Bucket(60, 180, 1),
        Bucket(180, None, 2),
    ]


def test_neighbours_are_joined_until_nobody_stands_alone() -> None:
    assert spread([1] * 5 + [20] + [100] * 6 + [500], EDGES, 5) == [
        Bucket(0, 15, 5),
        Bucket(15, None, 8),
    ]
    assert spread([1, 1, 500], EDGES, 5) == []


@given(st.lists(st.integers(0, 400)), st.integers(2, 8))
def test_everybody_is_in_one_and_nobody_in_a_small_one(figures: list[int], least: int) -> None:
    made = spread(figures, EDGES, least)
    assert all(bucket.persons >= least for bucket in made)
    assert sum(bucket.persons for bucket in made) == (len(figures) if made else 0)
    assert bool(made) == (len(figures) >= least)
    for bucket in made:
        high = bucket.high if bucket.high is not None else 10**9
        assert bucket.persons == sum(1 for one in figures if bucket.low <= one < high)
