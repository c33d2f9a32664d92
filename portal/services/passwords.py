"""Hashing of passwords: argon2id with the first parameters that OWASP's cheat sheet names."""

from argon2 import PasswordHasher

from portal.domain.passwords import normal_password

TIME_COST = 2
MEMORY_KIBIBYTES = 19 * 1024
PARALLELISM = 1

_hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIBIBYTES, parallelism=PARALLELISM)


def hash_password(password: str) -> str:
    return _hasher.hash(normal_password(password))
