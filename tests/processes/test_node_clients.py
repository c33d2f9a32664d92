"""Others' clients for Node, unmodified, against the running portal: each loses an answer, sends
again, and is counted to the event.
"""

import pytest

from portal.db import Database
from tests.processes.intake import counted, fold, refused, write_key
from tests.processes.lossy import lossy_line
from tests.processes.node import run_script
from tests.processes.portal_process import PortalProcess
from tests.world import OSKELUND

TRACKED = 1_050
DAY = "2026-05-10"


@pytest.mark.processes
@pytest.mark.parametrize(
    ("script", "viewed"),
    # A page and a screen beside the tracked events; PostHog's has a page alone.
    [("segment.mjs", 2), ("rudderstack.mjs", 2), ("posthog.mjs", 1)],
)
def test_what_a_client_sends_is_counted_to_the_event(
    portal: PortalProcess, database: Database, script: str, viewed: int
) -> None:
    with lossy_line(portal.port, most=3) as line:
        said = run_script(script, line.address, write_key(database), OSKELUND.key, TRACKED)
    assert (said["failed"], line.lost) == (0, 3)
    fold(database)
    assert (counted(database), refused(database)) == ({DAY: TRACKED + viewed}, {})
