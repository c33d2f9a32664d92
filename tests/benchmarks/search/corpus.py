"""Labelled documents and questions, from JSONL files or made up."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Questions with the ids of the passages that answer them."""

    name: str
    passages: list[Passage]
    questions: list[Question]

    @property
    def chinese(self) -> bool:
        asked = "".join(one.text for one in self.questions)
        return sum("\u4e00" <= character <= "\u9fff" for character in asked) * 3 > len(asked)


def read_sets(folder: Path) -> list[Labelled]:
    """Each NAME.docs.jsonl (id, title, body) with its NAME.queries.jsonl (id, q, rel: ids)."""
    return [
        Labelled(
            file.name.removesuffix(".docs.jsonl"),
            read_passages(file),
            read_questions(file.with_name(file.name.replace(".docs.", ".queries."))),
        )
        for file in sorted(folder.glob("*.docs.jsonl"))
    ]


def read_passages(path: Path) -> list[Passage]:
    return [Passage(row["id"], row.get("title", ""), row.get("body", "")) for row in _rows(path)]


def read_questions(path: Path) -> list[Question]:
    return [Question(row["q"], frozenset(row["rel"])) for row in _rows(path)]


def grown(labelled: Labelled, count: int) -> list[Passage]:
    """As many passages, mixed anew from the sentences of the set's own."""
    dice = random.Random(2026)
    passages = list(labelled.passages[:count])
    while len(passages) < count:
        one, other, third = (dice.choice(labelled.passages) for _ in range(3))
        half, rest = one.body[: len(one.body) // 2], other.body[len(other.body) // 2 :]
        passages.append(Passage(f"grown{len(passages)}", third.title, half + rest))
    return passages


def made_up(count: int, questions: int = 300) -> Labelled:
    """Words with Zipf's frequencies; a question takes four words of the passage it is about."""
    dice = random.Random(2026)
    words = ["".join(dice.choices("bcdfglmnprstvaeiou", k=dice.randint(3, 9))) for _ in range(9000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    passages = [_made_up(dice, words, weights, f"made{number}") for number in range(count)]
    asked = [_asked_about(dice, dice.choice(passages)) for _ in range(questions)]
    return Labelled("made-up", passages, asked)


def _made_up(dice: random.Random, words: list[str], weights: list[float], name: str) -> Passage:
    drawn = dice.choices(words, weights, k=dice.randint(60, 180))
    return Passage(name, " ".join(drawn[:7]), " ".join(drawn[7:]))


def _asked_about(dice: random.Random, passage: Passage) -> Question:
    words = sorted(set(f"{passage.title} {passage.body}".split()))
    chosen = dice.sample(words, min(4, len(words)))
    return Question(f"how do I {' '.join(chosen)}?", frozenset({passage.id}))


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
