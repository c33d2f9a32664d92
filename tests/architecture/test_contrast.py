"""Contrast of the tokens (WCAG 2.x) in both themes: text at least 4.5, marks at least 3."""

import re
from itertools import product

import pytest

from portal.web.assets import ROOT

GROUNDS = ("paper", "raised", "sunk")
TEXT = ("ink", "ink-2", "ink-3", "accent", "accent-strong", "good", "watch", "risk", "c2")
ON_ITS_OWN_GROUND = (
    ("on-accent", "accent"),
    ("on-accent", "d4"),
    ("on-accent", "accent-strong"),
    ("on-d3", "d3"),
    ("ink", "d1"),
    ("ink", "d2"),
    ("ink", "mark"),
    ("paper", "ink"),
    ("good", "good-soft"),
    ("watch", "watch-soft"),
    ("risk", "risk-soft"),
    ("accent-strong", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("ink-3", "accent-soft"),
    *product(("ink", "accent"), ("accent-soft", "good-soft", "watch-soft", "risk-soft")),
)
MARKS = (*product(("line-strong", "accent", "c2", "c3", "c4"), GROUNDS),)
THEMES = ("light", "dark")


def read_tokens() -> dict[str, tuple[str, str]]:
    pairs = re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (ROOT / "css/tokens.css").read_text()
    )
    return {token: (light, dark) for token, light, dark in pairs}


TOKENS = read_tokens()


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour #rrggbb, 0 to 1 (WCAG 2.2, "relative luminance")."""
    linear = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), [*product(TEXT, GROUNDS), *ON_ITS_OWN_GROUND])
def test_text_can_be_read(front: str, ground: str, theme: str) -> None:
    which = THEMES.index(theme)
    assert contrast(TOKENS[front][which], TOKENS[ground][which]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), MARKS)
def test_marks_can_be_seen(front: str, ground: str, theme: str) -> None:
    which = THEMES.index(theme)
    assert contrast(TOKENS[front][which], TOKENS[ground][which]) >= 3
