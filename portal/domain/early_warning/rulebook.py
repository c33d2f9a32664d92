from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.early_warning.parameters import Parameters
from portal.domain.early_warning.rules import PARAMETERS, USUALLY_ON, Rule


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """A rule's switch and thresholds, for accounts of one segment, of one lifecycle stage, of
    both, or (empty) of any.
    """

    rule: Rule
    on: bool
    parameters: Parameters
    segment: str = ""
    stage: str = ""

    def fits(self, segment: str, stage: str) -> bool:
        return self.segment in {"", segment} and self.stage in {"", stage}

    @property
    def closeness(self) -> tuple[bool, bool]:
        """The segment counts before the stage."""
        return bool(self.segment), bool(self.stage)


def usual_parameters(rule: Rule) -> Parameters:
    return PARAMETERS[rule]()


class RuleBook:
    """The settings in force: the usual ones, and what the vendor has changed."""

    def __init__(self, changed: Iterable[RuleSetting] = ()) -> None:
        self._changed = sorted(changed, key=lambda one: one.closeness, reverse=True)

    def setting(self, rule: Rule, segment: str, stage: str) -> RuleSetting:
        """The one that fits most closely counts whole."""
        fitting = (one for one in self._changed if one.rule is rule and one.fits(segment, stage))
        return next(fitting, None) or RuleSetting(rule, rule in USUALLY_ON, usual_parameters(rule))

    def exactly(self, rule: Rule, segment: str, stage: str) -> RuleSetting | None:
        """The vendor's own setting for just these."""
        wanted = (rule, segment, stage)
        return next(
            (one for one in self._changed if (one.rule, one.segment, one.stage) == wanted), None
        )

    def of_rule(self, rule: Rule) -> list[RuleSetting]:
        """What the vendor has set for the rule, the closest first."""
        return [one for one in self._changed if one.rule is rule]

    def with_setting(self, setting: RuleSetting) -> "RuleBook":
        """As it would be with this one in its place."""
        place = (setting.rule, setting.segment, setting.stage)
        others = [one for one in self._changed if (one.rule, one.segment, one.stage) != place]
        return RuleBook([*others, setting])
