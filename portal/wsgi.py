"""The application object for a WSGI server; settings come from the environment."""

import ctypes

from portal.app import create_app
from portal.config import read_settings
from portal.logging import configure_logging
from portal.web.search_index import keep_following

# Settings of glibc's mallopt (malloc.h), and what they are set to.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 1024
ARENAS = 2


def give_back_large_pieces() -> None:
    """For a large account's page a thread holds tens of megabytes for a moment. Left to itself
    glibc keeps what was given up, for each thread apart, and a process grows to twice its size.
    Does nothing where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


give_back_large_pieces()
settings = read_settings()
configure_logging(settings.environment)
app = create_app(settings)
keep_following(app)
