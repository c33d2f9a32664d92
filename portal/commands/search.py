"""search check."""

import click

from portal.commands.context import Runtime
from portal.search import Engine
from portal.services.search_index import FOLDER
from portal.services.search_judgements import QuestionCheck, accept_present, check_all


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
