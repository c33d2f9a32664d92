"""Labelled documents and questions, from JSONL files or made up."""

import json
import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    relevant: frozenset[str]


def read_passages(path: Path) -> list[Passage]:
    return [Passage(row["id"], row["title"], row["body"]) for row in _rows(path)]


def read_questions(path: Path) -> list[Question]:
    return [Question(row["q"], frozenset(row["rel"])) for row in _rows(path)]


def made_up(count: int, questions: int = 300) -> tuple[list[Passage], list[Question]]:
    """Words with Zipf's frequencies; a question takes four words of the passage it is about."""
    dice = random.Random(2026)
    words = ["".join(dice.choices("bcdfglmnprstvaeiou", k=dice.randint(3, 9))) for _ in range(9000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    passages = [_made_up(dice, words, weights, f"made{number}") for number in range(count)]
    asked = [_asked_about(dice, dice.choice(passages)) for _ in range(questions)]
    return passages, asked


def _made_up(dice: random.Random, words: list[str], weights: list[float], name: str) -> Passage:
    drawn = dice.choices(words, weights, k=dice.randint(60, 180))
    return Passage(name, " ".join(drawn[:7]), " ".join(drawn[7:]))


def _asked_about(dice: random.Random, passage: Passage) -> Question:
    words = sorted(set(f"{passage.title} {passage.body}".split()))
    chosen = dice.sample(words, min(4, len(words)))
    return Question(f"how do I {' '.join(chosen)}?", frozenset({passage.id}))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
