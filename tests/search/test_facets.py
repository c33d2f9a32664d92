"""Filters and their counts, against a plain count over what a search without filters finds."""

import random
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import pytest

from portal.search import Document, Results, scan
from tests.search.library import engine, random_documents

AUDIENCES = frozenset({"public", "customers"})
ASKED = {"locale": "en", "audiences": AUDIENCES, "limit": 100}
CHOICES: tuple[dict[str, Collection[str]], ...] = (
    {"types": ["faq"]},
    {"locales": ["en"]},
    {"locales": ["zh-Hans", "zh-Hant"], "types": ["faq", "guide"]},
    {"features": ["no-such-feature"]},
)


def values(documents: tuple[Document, ...], item: str, facet: str) -> set[str]:
    """Plainly: of the versions that the reader sees; type and feature of the one shown first."""
    seen = [one for one in documents if one.item_id == item and one.audience & AUDIENCES]
    if facet == "locale":
        return {one.locale for one in seen}
    order = ("en", "zh-Hans", "zh-Hant")
    shown = min(seen, key=lambda one: (order.index(one.locale), one.id))
    return {shown.type} if facet == "type" else set(shown.features)


@pytest.mark.parametrize("seed", [11, 12])
def test_each_facet_is_counted_after_the_others_and_before_its_own(
    seed: int, tmp_path: Path
) -> None:
    documents = random_documents(seed, 60)
    searching = engine(tmp_path, documents)
    dice = random.Random(seed)
    features = sorted({name for one in documents for name in one.features})
    some: tuple[dict[str, Collection[str]], ...] = tuple(
        {"features": dice.sample(features, 1), "types": ["faq"]} for _ in range(3)
    )
    for chosen in (*CHOICES, *some):
        for ask in (searching.search, partial(scan, documents)):
            check(documents, ask, chosen)


def check(
    documents: tuple[Document, ...], ask: Callable[..., Results], chosen: dict[str, Collection[str]]
) -> None:
    items = [hit.item_id for hit in ask("route", **ASKED).hits]
    wanted = {name.removesuffix("s"): given for name, given in chosen.items()}

    def fits(item: str, but: str = "") -> bool:
        return all(
            values(documents, item, name) & set(given)
            for name, given in wanted.items()
            if name != but
        )

    kept = [item for item in items if fits(item)]
    found = ask("route", **ASKED, **chosen)
    assert [hit.item_id for hit in found.hits] == kept
    assert found.total == len(kept)
    for facet in ("type", "feature", "locale"):
        of_others = [item for item in items if fits(item, facet)]
        rest = [value for item in of_others for value in values(documents, item, facet)]
        assert found.facets[facet] == {value: rest.count(value) for value in rest}
