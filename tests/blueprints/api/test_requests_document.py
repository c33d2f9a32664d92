"""The examples of docs/requests-api.md are taken as they stand there."""

import json
import re
from io import BytesIO

from werkzeug.test import TestResponse

from tests.apps import Door
from tests.blueprints.api.test_volumes import of_account
from tests.docs.reading import ROOT
from tests.world import OSKELUND

CALL = re.compile(
    r'^curl -H "Authorization: Bearer \$API_KEY" "?(https://[^" ]+)"?(?: \\\n +(-d|-F) (.+))?$',
    re.MULTILINE,
)
HOST = "https://success.example.com"
STATUSES = [201, 200, 201, 200, 200, 201, 200, 200, 200]
PDF = b"%PDF-1.7\n%%EOF\n"


def test_each_example_is_taken(door: Door) -> None:
    text = (ROOT / "docs" / "requests-api.md").read_text(encoding="utf-8")
    calls = CALL.findall(text)
    assert len(calls) == text.count("curl ")
    client = of_account(door, None)
    key, answers = "", list[TestResponse]()
    for url, option, body in calls:
        path = url.removeprefix(HOST).replace("$KEY", key)
        sent = body.strip("'").replace('"oskelund"', f'"{OSKELUND.key}"')
        if option == "-F":
            form = {"files": (BytesIO(PDF), "plants.pdf"), "author": "pia@oskelund.example"}
            answer = client.post(path, data=form)
        else:
            answer = client.post(path, json=json.loads(sent)) if sent else client.get(path)
        key = key or answer.get_json()["key"]
        answers.append(answer)
    assert [one.status_code for one in answers] == STATUSES
    assert answers[1].get_json()["items"][0]["external_id"] == "ticket-4711"
    assert answers[-1].get_json()["state"] == "clarifying"
