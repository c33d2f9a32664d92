"""Which teams may be shown alone, and which are put together."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamGroup:
    """`rest`: small teams put together, without a name. Else one team; "" is who is in none."""

    name: str
    teams: tuple[str, ...]
    rest: bool = False


def team_groups(sizes: Mapping[str, int], least: int) -> list[TeamGroup]:
    """The largest first. Teams below `least` are put together; where that is still too small,
    with the smallest of the others, so that no difference from the total tells of fewer. Nothing
    where there are fewer than `least` at all.
    """
    whole = sorted((team for team in sizes if sizes[team] >= least), key=lambda t: (-sizes[t], t))
    rest = sorted(set(sizes) - set(whole))
    together = sum(sizes[team] for team in rest)
    while rest and together < least and whole:
        rest.append(whole.pop())
        together += sizes[rest[-1]]
    groups = [TeamGroup(team, (team,)) for team in whole]
    if together >= max(least, 1):
        groups.append(TeamGroup("", tuple(rest), rest=True))
    return groups
