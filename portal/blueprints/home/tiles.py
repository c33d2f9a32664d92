from typing import Any

from flask import url_for

from portal.services.home import ChampionHome
from portal.web.adoption.strip import strip_tiles


def champion_tiles(home: ChampionHome) -> list[dict[str, Any]]:
    """Four figures as arguments of the `figure` macro; each name leads to the adoption page."""
    tiles = strip_tiles(home.now, home.before, home.breadth_weeks, home.weeks)
    return [{**tile, "url": url_for("adoption.show")} for tile in tiles]
