"""Run as `python -m tests.benchmarks.search --data DIR`, with the `bench` extra installed.

DIR holds NAME.docs.jsonl (id, title, body) and NAME.queries.jsonl (q, rel: ids of the documents
that answer). Prints nDCG@10 of every ranking on every set, as asked and with one slip a question,
then milliseconds at `--size` passages.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from tests.benchmarks.search import contestants
from tests.benchmarks.search.contestants import Ranking, sets_locale
from tests.benchmarks.search.corpus import Labelled, grown, made_up, read_sets
from tests.benchmarks.search.quality import mean_ndcg
from tests.benchmarks.search.timing import milliseconds, percentile
from tests.benchmarks.search.typos import misspelt

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OURS = "paceline"


@click.command()
@click.option("--data", type=_FOLDER, help="Folder of labelled sets; made-up words without it.")
@click.option("--size", default=10_000, show_default=True, help="Passages to measure speed at.")
def main(data: Path | None, size: int) -> None:
    sets = read_sets(data) if data else [made_up(size)]
    for labelled in sets:
        with ExitStack() as stack:
            _print_quality(labelled, _rankings(stack, labelled))
    english = next((one for one in sets if not one.chinese), sets[0])
    grown_up = Labelled(english.name, grown(english, size), english.questions)
    with ExitStack() as stack:
        _print_speed(grown_up, _rankings(stack, grown_up, postgres=False))


def _rankings(stack: ExitStack, labelled: Labelled, *, postgres: bool = True) -> dict[str, Ranking]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    # PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o755)
    passages, chinese = labelled.passages, labelled.chinese
    rankings = {
        OURS: contestants.ours(folder / "ours", passages, sets_locale(labelled)),
        "whoosh": contestants.whoosh_defaults(folder / "whoosh", passages, chinese=chinese),
        "fts5": contestants.sqlite_fts5(passages, chinese=chinese),
        "tantivy": contestants.tantivy_bm25(folder / "tantivy", passages, chinese=chinese),
    }
    if postgres:
        searching = contestants.postgres_text_search(folder / "p", passages, chinese=chinese)
        rankings["postgres"] = stack.enter_context(searching)
    return rankings


def _print_quality(labelled: Labelled, rankings: dict[str, Ranking]) -> None:
    click.echo(
        f"\n{labelled.name}: {len(labelled.passages)} passages, {len(labelled.questions)} questions"
    )
    slipped = misspelt(labelled.questions)
    figures = {name: mean_ndcg(rank, labelled.questions) for name, rank in rankings.items()}
    best = max(figure for name, figure in figures.items() if not name.startswith(OURS))
    click.echo(f"{'':20}{'nDCG@10':>9}{'to best':>9}{'one slip':>10}{'lost':>8}")
    for name, rank in rankings.items():
        with_slip = mean_ndcg(rank, slipped)
        click.echo(
            f"{name:20}{figures[name]:9.4f}{figures[name] - best:+9.4f}"
            f"{with_slip:10.4f}{figures[name] - with_slip:8.4f}"
        )


def _print_speed(labelled: Labelled, rankings: dict[str, Ranking]) -> None:
    click.echo(f"\n{labelled.name} at {len(labelled.passages)} passages, milliseconds in turns")
    times = milliseconds(rankings, [one.text for one in labelled.questions])
    click.echo(f"{'':20}{'p50':>9}{'p95':>9}{'p95 ratio':>11}")
    for name, taken in times.items():
        half, most = percentile(taken, 50), percentile(taken, 95)
        click.echo(f"{name:20}{half:9.2f}{most:9.2f}{most / percentile(times[OURS], 95):10.2f}×")


if __name__ == "__main__":
    main()
