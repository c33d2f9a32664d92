"""Run as `python -m tests.benchmarks.search [--docs FILE --queries FILE] [--size N]`."""

import math
import tempfile
from pathlib import Path
from time import perf_counter

import click

from tests.benchmarks.search.contestants import BEST, Ranking, ours, sqlite_fts5, whoosh_bm25f
from tests.benchmarks.search.corpus import Question, made_up, read_passages, read_questions

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--docs", type=_FILE, help="JSON lines of id, title, body.")
@click.option("--queries", type=_FILE, help="JSON lines of id, q, rel (ids of right documents).")
@click.option("--size", default=10_000, show_default=True, help="Passages made up without files.")
def main(docs: Path | None, queries: Path | None, size: int) -> None:
    """Prints nDCG@10 and milliseconds per question (median, 95th percentile) of each ranking."""
    if docs and queries:
        passages, questions = read_passages(docs), read_questions(queries)
    else:
        passages, questions = made_up(size)
    click.echo(f"{len(passages)} passages, {len(questions)} questions")
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        rankings = {"paceline": ours(Path(folder) / "ours", passages)}
        click.echo(f"index built in {perf_counter() - began:.1f} s")
        rankings["fts5"] = sqlite_fts5(passages)
        rankings["whoosh"] = whoosh_bm25f(Path(folder) / "whoosh", passages)
        _print_figures(rankings, questions)


def _print_figures(rankings: dict[str, Ranking], questions: list[Question]) -> None:
    click.echo(f"{'':10}{'nDCG@10':>9}{'p50 ms':>9}{'p95 ms':>9}{'p95 ratio':>11}")
    times = {name: _milliseconds(rank, questions) for name, rank in rankings.items()}
    for name, rank in rankings.items():
        quality = sum(_ndcg(rank(one.text), one.relevant) for one in questions) / len(questions)
        half, most = _percentile(times[name], 50), _percentile(times[name], 95)
        ratio = most / _percentile(times["paceline"], 95)
        click.echo(f"{name:10}{quality:9.3f}{half:9.2f}{most:9.2f}{ratio:10.1f}×")


def _milliseconds(rank: Ranking, questions: list[Question]) -> list[float]:
    """Each question once, after a short warming up."""
    for question in questions[:20]:
        rank(question.text)
    return [_timed(rank, question.text) for question in questions]


def _timed(rank: Ranking, text: str) -> float:
    began = perf_counter()
    rank(text)
    return (perf_counter() - began) * 1000


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _ndcg(found: list[str], relevant: frozenset[str]) -> float:
    """Järvelin and Kekäläinen (2002), with gains of 0 and 1."""
    gained = sum(1 / math.log2(at + 2) for at, one in enumerate(found[:BEST]) if one in relevant)
    ideal = sum(1 / math.log2(at + 2) for at in range(min(BEST, len(relevant))))
    return gained / ideal if ideal else 0.0


if __name__ == "__main__":
    main()
