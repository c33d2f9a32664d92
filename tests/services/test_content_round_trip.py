"""Whatever text can be written: loaded and exported it is the same, byte for byte."""

from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.db import Database
from portal.domain.content_file import ContentFile, make_file, read_file, write_file
from portal.domain.knowledge import EVENT_KINDS, SHAPES, TYPES
from portal.models import KnowledgeItem
from portal.services.content_files import export_content, load_content
from portal.services.knowledge_stored import stored_files
from tests.hub import writing

RUNS = count()
LINE = st.text(alphabet="aZ9 :#-'\"[]{}&*!|>%@`,?\\.字与é\u00a0", min_size=1, max_size=40).map(
    lambda words: " ".join(words.split()) or "x"
)
NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True), max_size=4)
DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(date.isoformat)
HOURS = st.integers(0, 11).map("{:02}".format)


@st.composite
def fields(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(TYPES))
    names = list(dict.fromkeys(draw(NAMES)))
    whom: list[Any] = ["public", "customers", "vendor"]
    if names:
        whom += [{"accounts": names}, {"segments": names}]
    said: dict[str, Any] = {
        "title": draw(LINE),
        "summary": draw(LINE),
        "type": kind,
        "audience": draw(st.sampled_from(whom)),
        "features": names if names or not SHAPES[kind].needs_feature else ["one"],
        "review_by": draw(DAY),
        "published": draw(DAY),
        "minutes": draw(st.integers(1, 600)),
    }
    return said | {key: value for key, value in draw(_own(kind)).items() if value is not None}


@st.composite
def _own(draw: Any, kind: str) -> dict[str, Any]:
    day = draw(DAY)
    every: dict[str, Any] = {
        "effect": draw(LINE),
        "consent": draw(DAY),
        "benchmark": draw(st.sampled_from([None, True])),
        "kind": draw(st.sampled_from(EVENT_KINDS)),
        "starts_at": f"{day} {draw(HOURS)}:00",
        "ends_at": f"{day} 13:30",
        "zone": draw(st.sampled_from(["UTC", "Asia/Taipei", "Asia/Kathmandu"])),
        "place": draw(LINE),
        "link": draw(st.sampled_from([None, "https://meet.example/a?b=c#d"])),
    }
    return {key: every[key] for key in SHAPES[kind].fields}


BODY = st.lists(
    st.sampled_from(
        [
            "## Method",
            "Do **it**.",
            "- one\n- two",
            "> quote",
            "文字，还有。",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ]
    ),
    min_size=1,
    max_size=5,
).map("\n\n".join)


@given(fields(), BODY)
def test_what_is_written_is_read_as_it_was(said: dict[str, Any], body: str) -> None:
    file = make_file("one", "en", said, body)
    assert file.fields == said
    assert read_file(SHAPES[file.type].collection, "one.en.md", write_file(file)) == file


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(fields(), BODY), min_size=8, max_size=8))
def test_what_is_loaded_is_exported_as_it_was(
    database: Database, texts: list[tuple[dict[str, Any], str]]
) -> None:
    run = next(RUNS)
    files = [
        make_file(f"text-{run}-{number}", locale, said, body)
        for number, (said, body) in enumerate(texts)
        for locale in ("en", "zh-Hant")[: 1 + number % 2]
    ]
    with TemporaryDirectory() as folder:
        before, after = Path(folder) / "in", Path(folder) / "out"
        for file in files:
            _write(before / file.path, file)
        with writing(database) as session:
            assert load_content(session, before).added == len(files)
            assert load_content(session, before).unchanged == len(files)
            export_content(session, after)
            stored = list(stored_files(session, KnowledgeItem.slug.startswith(f"text-{run}-")))
        assert sorted(stored, key=lambda file: file.path) == sorted(
            files, key=lambda file: file.path
        )
        for file in files:
            assert (after / file.path).read_bytes() == (before / file.path).read_bytes()


def _write(path: Path, file: ContentFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_file(file), encoding="utf-8", newline="\n")
