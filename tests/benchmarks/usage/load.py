"""Events as they come in while pages are read, sent by a process of its own, so that the readers'
clocks do not wait for it.

python -m tests.benchmarks.usage.load PORT SECRET [SHARE]

Posts ten batches a second, each of a hundred events of all accounts (as many of each as their rank
by Zipf's law makes it), until its input ends; then says how many events were accepted. One event of
a batch is of yesterday: days that are over move as well. SHARE of them are of the largest account
instead (0.95: nearly all come from one customer).
"""

import http.client
import json
import random
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from tests.benchmarks.usage.synthetic import ACCOUNTS, NAMES, persons_of

PAUSE, BATCH, LATE = 0.1, 100, timedelta(days=1)


@dataclass
class Sent:
    """`events` are known when the sender has ended."""

    events: int = 0


def main() -> None:
    port, secret = int(sys.argv[1]), sys.argv[2]
    share = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    stop = Event()
    Thread(target=_wait_for_end, args=[stop]).start()
    source, batches = random.Random(11), 0
    headers = {"Authorization": f"Basic {b64encode(f'{secret}:'.encode()).decode()}"}
    while not stop.wait(PAUSE):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/v1/batch", _batch(source, share), headers)
        answered = connection.getresponse().status
        connection.close()
        if answered != http.HTTPStatus.OK:
            sys.exit(f"answered {answered}")
        batches += 1
    print(batches * BATCH)


def _wait_for_end(stop: Event) -> None:
    sys.stdin.read()
    stop.set()


@contextmanager
def sending(port: int, secret: str, share: float = 0.0) -> Iterator[Sent]:
    module = "tests.benchmarks.usage.load"
    command = [sys.executable, "-m", module, str(port), secret, str(share)]
    sent = Sent()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sender:
        yield sent
        sent.events = int(sender.communicate("")[0] or 0)
    if sender.returncode:
        raise RuntimeError("the sender was refused")


def _batch(source: random.Random, share: float) -> str:
    messages = [_message(source, share, late=not place) for place in range(BATCH)]
    return json.dumps({"batch": messages})


def _message(source: random.Random, share: float, *, late: bool) -> dict[str, object]:
    rank = 1 if source.random() < share else int(ACCOUNTS ** source.random())
    moment = datetime.now(UTC) - (LATE if late else timedelta())
    return {
        "type": "track",
        "event": f"Name {source.randrange(NAMES)}",
        "messageId": f"{source.getrandbits(96):x}",
        "userId": f"user-{source.randrange(persons_of(rank))}",
        "timestamp": moment.isoformat(),
        "context": {"groupId": f"account-{rank}"},
    }


if __name__ == "__main__":
    main()
