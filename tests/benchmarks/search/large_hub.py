"""A made-up hub of any size: skewed words and lengths, three languages, audiences of 200 accounts.

The words are made up, Latin and Chinese ones; texts of JSON lines (title, body) may be mixed in, of
which each item then takes sentences.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from portal.domain.audience import Audience
from portal.search import Document

ACCOUNTS, FEATURES, VOCABULARY = 200, 60, 24_000
TYPES = ("faq", "guide", "best-practice", "course", "release-note")
TYPE_WEIGHTS = (50, 25, 15, 6, 4)
LOCALES = (("en", 0.85), ("zh-Hans", 0.5), ("zh-Hant", 0.3))
MEDIAN_WORDS, LONGEST_WORDS, SPREAD = 90, 1500, 0.7
SENTENCE = 12


@dataclass(frozen=True, slots=True)
class Text:
    locale: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Item:
    """`audience`: public, customers, vendor or accounts; the last with their keys."""

    slug: str
    type: str
    audience: str
    accounts: tuple[str, ...]
    features: tuple[str, ...]
    texts: tuple[Text, ...]

    @property
    def tokens(self) -> frozenset[str]:
        return Audience(self.audience, self.accounts).tokens


class Words:
    """Draws words by Zipf's law."""

    def __init__(self, dice: random.Random, words: Sequence[str]) -> None:
        self._dice, self._words = dice, words
        self._weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def draw(self, count: int) -> list[str]:
        return self._dice.choices(self._words, cum_weights=self._weights, k=count)


class Hub:
    def __init__(self, seed: int = 4, texts: Sequence[Path] = ()) -> None:
        self._dice = random.Random(seed)
        self._latin = Words(self._dice, [self._latin_word() for _ in range(VOCABULARY)])
        self._han = Words(self._dice, [self._han_word() for _ in range(VOCABULARY)])
        self._sentences = [one for path in texts for one in _sentences(path)]

    def items(self, count: int) -> Iterator[Item]:
        for number in range(count):
            yield self._item(number)

    def question(self, item: Item) -> str:
        """What somebody may ask who needs the item."""
        text = self._dice.choice(item.texts)
        words = f"{text.title} {text.body}".split()
        if text.locale != "en":
            long = max(words, key=len)
            at = self._dice.randrange(max(1, len(long) - 8))
            return long[at : at + 8] + "怎么办"
        chosen = self._dice.sample(words, min(4, len(words)))
        return f"how do I {' '.join(chosen)}?"

    def beginnings(self, item: Item) -> list[str]:
        """The title's first words as they are typed, letter by letter from the second on."""
        title = item.texts[0].title[:18]
        return [title[:end] for end in range(2, len(title) + 1)]

    def _item(self, number: int) -> Item:
        dice = self._dice
        audience = dice.choices(("public", "customers", "vendor", "accounts"), (45, 30, 10, 15))[0]
        keys = {self._account() for _ in range(dice.randint(1, 4))}
        locales = [name for name, share in LOCALES if dice.random() < share] or ["en"]
        return Item(
            slug=f"item-{dice.getrandbits(32):08x}-{number}",
            type=dice.choices(TYPES, TYPE_WEIGHTS)[0],
            audience=audience,
            accounts=tuple(sorted(keys)) if audience == "accounts" else (),
            features=tuple(sorted({self._feature() for _ in range(dice.randint(1, 3))})),
            texts=tuple(self._text(locale) for locale in locales),
        )

    def _account(self) -> str:
        return f"account-{int(ACCOUNTS ** self._dice.random())}"

    def _feature(self) -> str:
        return f"feature-{int(FEATURES ** self._dice.random())}"

    def _text(self, locale: str) -> Text:
        words = int(min(LONGEST_WORDS, MEDIAN_WORDS * self._dice.lognormvariate(0, SPREAD)))
        body = [self._sentence(locale) for _ in range(max(1, words // SENTENCE))]
        between = " " if locale == "en" else ""
        return Text(
            locale,
            self._sentence(locale, self._dice.randint(4, 9), made_up=True).rstrip(".。"),
            self._sentence(locale),
            between.join(body),
        )

    def _sentence(self, locale: str, words: int = SENTENCE, *, made_up: bool = False) -> str:
        known = [] if made_up or locale != "en" else self._sentences
        if known and self._dice.random() < 0.5:
            return self._dice.choice(known)
        if locale == "en":
            return " ".join(self._latin.draw(words)).capitalize() + "."
        return "".join(self._han.draw(words)) + "。"

    def _latin_word(self) -> str:
        return "".join(self._dice.choices("bcdfglmnprstvaeioueai", k=self._dice.randint(3, 9)))

    def _han_word(self) -> str:
        return "".join(chr(0x4E00 + self._dice.randrange(3000)) for _ in range(2))


def documents(items: Sequence[Item]) -> Iterator[Document]:
    for item in items:
        for text in item.texts:
            yield Document(
                id=f"{item.slug}.{text.locale}",
                item_id=item.slug,
                locale=text.locale,
                type=item.type,
                title=text.title,
                summary=text.summary,
                body=text.body,
                features=item.features,
                audience=item.tokens,
                url=f"/knowledge/{item.slug}",
                changed=1,
            )


def _sentences(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield from (one for one in json.loads(line)["body"].split(". ") if len(one) > 20)
