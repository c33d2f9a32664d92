"""What lies in the archive is known again, and hardly anything else."""

from random import Random

import numpy as np

from portal.usage.archive_known import are_known, pack_known


def made(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    source = Random(seed)
    hashes = np.array([source.getrandbits(64) for _ in range(size)], np.uint64)
    return hashes, np.array([source.randrange(20_000, 20_028) for _ in range(size)], np.int64)


def test_every_message_is_known_again_in_a_byte_and_a_half() -> None:
    hashes, days = made(1, 20_000)
    packed = pack_known(hashes, days)
    assert are_known([packed], hashes, days).all()
    assert len(packed) < 1.65 * hashes.size


def test_one_of_a_thousand_others_is_taken_for_known() -> None:
    packed = pack_known(*made(1, 20_000))
    found = int(are_known([packed], *made(2, 50_000)).sum())
    assert 20 < found < 90


def test_the_same_hash_on_another_day_is_another_message() -> None:
    hashes, days = made(1, 2_000)
    assert are_known([pack_known(hashes, days)], hashes, days + 1).sum() < 20


def test_nothing_is_known_where_nothing_lies() -> None:
    nobody = pack_known(*made(1, 0))
    assert not are_known([nobody], *made(2, 100)).any()
    assert not are_known([], *made(2, 100)).any()
    assert are_known([nobody, pack_known(*made(2, 100))], *made(2, 100)).all()
