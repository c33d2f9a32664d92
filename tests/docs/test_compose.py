"""compose.yaml names only what there is: settings, commands, secrets, volumes, services."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from portal.cli import cli
from portal.config import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "paceline"]


def test_the_three_are_built_from_one_image() -> None:
    assert OURS == ["migration", "web", "worker"]
    assert all((ROOT / SERVICES[name]["build"] / "Dockerfile").is_file() for name in OURS)


@pytest.mark.parametrize("name", OURS)
def test_commands_and_settings_are_known(name: str) -> None:
    program, command, *_ = SERVICES[name]["command"].split()
    assert program == "paceline"
    assert command in cli.list_commands(Context(cli))
    settings = {
        variable.removeprefix("PACELINE_").removesuffix("_FILE").lower()
        for variable in SERVICES[name]["environment"]
    }
    assert settings <= set(Settings.model_fields)


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_refers_to_is_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert {config["source"] for config in service.get("configs", [])} <= set(COMPOSE["configs"])
    assert set(service.get("depends_on", ())) <= set(SERVICES)
