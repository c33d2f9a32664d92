"""search check, search learn."""

import os

import click

from portal.commands.context import Runtime
from portal.search import Engine, IndexDamaged
from portal.search.alone import only_one
from portal.services.search_index import FOLDER
from portal.services.search_judgements import QuestionCheck, accept_present, check_all

_COURTESY = 10
"""Whoever asks goes before (nice)."""
_AT_ONCE_SECONDS = 60.0


@click.group()
def search() -> None:
    """The answers of the search, measured against what editors judged."""


@search.command("check")
@click.option("--accept", is_flag=True, help="Take the present answers as the measure from now on.")
@click.pass_obj
def search_check(runtime: Runtime, *, accept: bool) -> None:
    """Ask every judged question again; name what got worse, and end with 1 if anything did."""
    engine = Engine(runtime.settings.data_dir / FOLDER)
    with runtime.session(writes=False) as session:
        checks = list(check_all(session, engine))
    worse = [one for one in checks if one.worse]
    for one in worse:
        click.echo(_line(one))
    click.echo(_summary(checks, len(worse)))
    if accept:
        with runtime.session() as session:
            click.echo(f"{accept_present(session, engine)} questions have a new measure.")
    elif worse:
        raise SystemExit(1)


@search.command("learn")
@click.pass_obj
def search_learn(runtime: Runtime) -> None:
    """Learn what the texts mean that are new to this machine; a worker does it by itself."""
    os.nice(_COURTESY)
    folder = runtime.settings.data_dir / FOLDER
    with only_one(folder, "LEARNING") as alone:
        if not alone:
            click.echo("Another process is at it.")
            return
        _learn(Engine(folder))
    click.echo("All that can be learnt here is learnt.")


def _learn(engine: Engine) -> None:
    try:
        while left := engine.learn(_AT_ONCE_SECONDS):
            click.echo(f"{left:,} passages left")
    except IndexDamaged as problem:
        raise click.ClickException(f"There is no sound index to learn from: {problem}") from problem


def _line(one: QuestionCheck) -> str:
    texts = ", ".join(
        f"{text.slug} {text.verdict.value} {text.rank or 'not found'}" for text in one.texts
    )
    return f"{one.now:.3f} (was {one.baseline:.3f})  {one.locale}  {one.question}  [{texts}]"


def _summary(checks: list[QuestionCheck], worse: int) -> str:
    if not checks:
        return "Nothing is judged yet."
    mean = sum(one.now for one in checks) / len(checks)
    return f"{len(checks)} questions, nDCG@10 {mean:.3f} on average, {worse} worse than before."


COMMANDS = (search,)
