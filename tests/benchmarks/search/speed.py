"""The engine alone, beside tantivy in the same run, question by question in turn.

python -m tests.benchmarks.search.speed [--items 10000] [--questions 400] [--data FILE.jsonl ...]

Ours is timed the whole way (audience, counts by facet, ten highlighted passages), tantivy once to
the ids of its ten best and once to their highlighted passages, over the same tokens, without an
audience and without facets. Of each question the best of seven is taken, so that a loaded machine
does not decide; p50 / p95 over questions in milliseconds.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from portal.search import Document, Engine
from portal.search.analysis import tokens
from portal.search.folding import normalise
from tests.benchmarks.search.large_hub import Hub, Item, documents

BEST = 10
READER = frozenset({"public", "customers", "account:account-3"})
Ask = Callable[[str], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    hub = Hub(texts=options.data)
    items = list(hub.items(options.items))
    with tempfile.TemporaryDirectory() as scratch:
        engine = Engine(Path(scratch))
        texts = list(documents(items))
        index(engine, texts, Path(scratch))
        revise(engine, texts)
        ask(hub, engine, items, texts, options.questions)


def index(engine: Engine, texts: list[Document], folder: Path) -> None:
    before = resident()
    began, cpu = time.perf_counter(), time.process_time()
    engine.rebuild(texts, 1)
    cpu, took = time.process_time() - cpu, time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{len(texts):,} texts indexed in {took:.1f} s (CPU {cpu:.1f}), {size / 1e6:.0f} MB, memory"
        f" {before:.0f} MB before, {peak:.0f} at most"
    )


def revise(engine: Engine, texts: list[Document]) -> None:
    times = []
    for number in range(2, 7):
        text = texts[len(texts) * number // 8]
        fresh = [one for one in texts if one.item_id == text.item_id]
        began = time.process_time()
        engine.revise(fresh, {text.item_id}, number)
        times.append(time.process_time() - began)
    other = time.process_time()
    engine.search("anything", locale="en", audiences=READER)
    say(
        f"one changed item: written and opened in {sorted(times)[2]:.2f} s CPU,"
        f" first search {(time.process_time() - other) * 1000:.1f} ms"
    )


def ask(hub: Hub, engine: Engine, items: list[Item], texts: list[Document], questions: int) -> None:
    def ours(text: str) -> object:
        return engine.search(text, locale="en", audiences=READER, limit=BEST)

    def typed(text: str) -> object:
        return engine.search(text, locale="en", audiences=READER, limit=8, as_you_type=True)

    dice = random.Random(9)
    asked = [hub.question(dice.choice(items)) for _ in range(questions)]
    beginnings = [one for item in dice.sample(items, 40) for one in hub.beginnings(item)]
    phrases = [f'"{" ".join(one.split()[3:5])}"' for one in asked if one.startswith("how")]
    slips = [slip(dice, one) for one in asked]
    compare({"natural question": ours, **tantivy_of(texts)}, asked)
    compare({"as you type": typed}, beginnings)
    compare({"phrase": ours}, phrases)
    compare({"one slip": ours}, slips)
    say(f"memory at the end {resident():.0f} MB")


def compare(contestants: dict[str, Ask], questions: list[str]) -> None:
    times: dict[str, list[float]] = {}
    for number, question in enumerate([*questions[:20], *questions]):
        for name, one in contestants.items():
            took = timed(one, question)
            if number >= min(20, len(questions)):
                times.setdefault(name, []).append(took)
    for name, found in times.items():
        found.sort()
        half, most = found[len(found) // 2], found[len(found) * 95 // 100]
        say(f"{name:18}{half:8.2f} / {most:.2f}")


def timed(one: Ask, question: str) -> float:
    return min(_timed(one, question) for _ in range(7))


def _timed(one: Ask, question: str) -> float:
    began = time.perf_counter()
    one(question)
    return (time.perf_counter() - began) * 1000


def tantivy_of(texts: list[Document]) -> dict[str, Ask]:
    """Nothing where the package is not there; it is no part of the product."""
    try:
        import tantivy  # noqa: PLC0415 - only here, and only if it is there
    except ImportError:
        return {}
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        schema.add_text_field(name, stored=True, tokenizer_name="whitespace")
    made = tantivy.Index(schema.build())
    writer = made.writer(128_000_000)
    for one in texts:
        writer.add_document(
            tantivy.Document(
                id=one.id, title=spaced(one.title), body=spaced(f"{one.summary}\n{one.body}")
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    searcher = made.searcher()

    def query_of(question: str) -> tantivy.Query:
        terms = list(dict.fromkeys(token.term for token in tokens(normalise(question))))
        should = [
            (
                tantivy.Occur.Should,
                tantivy.Query.term_query(made.schema, name, term),
            )
            for term in terms
            for name in ("title", "body")
        ]
        return tantivy.Query.boolean_query(should)

    def best(question: str) -> object:
        found = searcher.search(query_of(question), BEST)
        return [searcher.doc(address)["id"] for _, address in found.hits]

    def marked(question: str) -> object:
        query = query_of(question)
        makers = [
            tantivy.SnippetGenerator.create(searcher, query, made.schema, name)
            for name in ("title", "body")
        ]
        found = [searcher.doc(one) for _, one in searcher.search(query, BEST).hits]
        return [[maker.snippet_from_doc(one).fragment() for maker in makers] for one in found]

    return {"tantivy": best, "tantivy, marked": marked}


def spaced(text: str) -> str:
    return " ".join(token.term for token in tokens(normalise(text)))


def slip(dice: random.Random, question: str) -> str:
    words = question.split()
    long = max(words, key=len)
    at = dice.randrange(1, max(2, len(long) - 1))
    return question.replace(long, long[:at] + long[at + 1 :], 1)


def resident() -> float:
    """Megabytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
