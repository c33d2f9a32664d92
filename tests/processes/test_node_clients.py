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
# A page and a screen are viewed beside the tracked events; of PostHog a page alone.
SCRIPTS = {"segment.mjs": 2, "rudderstack.mjs": 2, "posthog.mjs": 1}


@pytest.mark.processes
def test_what_each_client_sends_is_counted_to_the_event(
    portal: PortalProcess, database: Database
) -> None:
    key, days = write_key(database), {}
    for number, (script, viewed) in enumerate(SCRIPTS.items(), 10):
        day = f"2026-05-{number}"
        with lossy_line(portal.port, most=3) as line:
            said = run_script(script, line.address, key, OSKELUND.key, day, TRACKED)
        assert (script, said["failed"], line.lost) == (script, 0, 3)
        days[day] = TRACKED + viewed
    fold(database)
    assert (counted(database), refused(database)) == (days, {})
