"""What a web process does with memory that it no longer needs: by itself glibc keeps it.

Where the C library is another one, nothing here does anything.
"""

import ctypes

# Settings of glibc's mallopt (malloc.h), and what they are set to.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 1024
ARENAS = 2


def give_back_large_pieces() -> None:
    """From now on: for a large account's page a thread holds tens of megabytes for a moment. Left
    to itself glibc keeps what was given up, for each thread apart, and a process grows to twice its
    size.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


def give_back() -> None:
    """Now, small pieces too: after thousands of them were given up at once. Some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
