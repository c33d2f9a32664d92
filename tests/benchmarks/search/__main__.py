"""Run as `python -m tests.benchmarks.search --data DIR`, with the `bench` extra installed.

DIR holds NAME.docs.jsonl (id, title, body) and NAME.queries.jsonl (q, rel: ids of the documents
that answer). Prints nDCG@10 of every ranking on every set, as asked and with one slip a question,
then milliseconds at `--size` passages, then how many questions about our own texts have the right
one in the first three. What texts mean takes a tenth of a second a passage to learn: `--kept DIR`
keeps it for the next run, `--words-only` leaves it out.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from portal.search import Engine
from tests.benchmarks.search import contestants
from tests.benchmarks.search.contestants import Ranking, sets_locale
from tests.benchmarks.search.corpus import Labelled, grown, made_up, read_sets
from tests.benchmarks.search.own_texts import found_in_first_three
from tests.benchmarks.search.quality import mean_ndcg
from tests.benchmarks.search.timing import milliseconds, percentile
from tests.benchmarks.search.typos import misspelt

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OURS = "paceline"


@click.command()
@click.option("--data", type=_FOLDER, help="Folder of labelled sets; made-up words without it.")
@click.option("--kept", type=click.Path(path_type=Path), help="Keeps what was learnt.")
@click.option("--words-only", is_flag=True, help="Compares no meanings.")
@click.option("--size", default=10_000, show_default=True, help="Passages to measure speed at.")
def main(data: Path | None, kept: Path | None, size: int, *, words_only: bool) -> None:
    sets = read_sets(data) if data else [made_up(size)]
    with tempfile.TemporaryDirectory() as scratch:
        learnt = None if words_only else kept or Path(scratch)
        for labelled in sets:
            with ExitStack() as stack:
                _print_quality(labelled, _rankings(stack, labelled, learnt))
        if learnt:
            _print_own_texts(learnt)
        english = next((one for one in sets if not one.chinese), sets[0])
        large = Labelled(english.name, grown(english, size), english.questions)
        with ExitStack() as stack:
            _print_speed(large, _rankings(stack, large, None, postgres=False))


def _rankings(
    stack: ExitStack, labelled: Labelled, learnt: Path | None, *, postgres: bool = True
) -> dict[str, Ranking]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    # PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o755)
    passages, chinese, locale = labelled.passages, labelled.chinese, sets_locale(labelled)
    engine = contestants.ours((learnt or folder) / labelled.name, passages, locale)
    rankings = {OURS: contestants.ranking(engine, locale, by_meaning=False)}
    if learnt:
        engine.learn()
        rankings[f"{OURS} by meaning"] = contestants.ranking(engine, locale, by_meaning=True)
    rankings |= {
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


def _print_own_texts(learnt: Path) -> None:
    engine = Engine(learnt / "own")
    click.echo("\nown texts, the right one in the first three")
    for label, alone in (("all languages there", False), ("only in the other one", True)):
        found, asked = found_in_first_three(engine, other_language_only=alone)
        click.echo(f"{label:24}{found:5} of {asked}{found / max(1, asked):8.3f}")


def _print_speed(labelled: Labelled, rankings: dict[str, Ranking]) -> None:
    click.echo(f"\n{labelled.name} at {len(labelled.passages)} passages, milliseconds in turns")
    times = milliseconds(rankings, [one.text for one in labelled.questions])
    click.echo(f"{'':20}{'p50':>9}{'p95':>9}{'p95 ratio':>11}")
    for name, taken in times.items():
        half, most = percentile(taken, 50), percentile(taken, 95)
        click.echo(f"{name:20}{half:9.2f}{most:9.2f}{most / percentile(times[OURS], 95):10.2f}×")


if __name__ == "__main__":
    main()
