"""What an answer took in the server, by its own log: without the client, the way to it, and the
wait for a thread.
"""

import re
from pathlib import Path

ANSWERED = re.compile(rb"milliseconds=([0-9.]+) .*status=([0-9]+)")


class ServerTimes:
    """Of the lines that a log gets from now on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._begin = log.stat().st_size

    def of(self, status: int) -> list[float]:
        """Milliseconds, in their order of size."""
        with self._log.open("rb") as log:
            log.seek(self._begin)
            found = ANSWERED.findall(log.read())
        return sorted(float(took) for took, answered in found if int(answered) == status)

    def told(self, status: int) -> str:
        times = self.of(status)
        if not times:
            return f"{status}: none"
        half, most = times[len(times) // 2], times[len(times) * 95 // 100]
        return f"{status}: {len(times):,} × p50 {half:.1f}, p95 {most:.1f} ms"
