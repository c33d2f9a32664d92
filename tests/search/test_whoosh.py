"""What we lean on in Whoosh 2.7.4, and what its forks get wrong."""

from pathlib import Path

import pytest
import whoosh
from whoosh import index
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Every, Term


def test_the_release_is_the_one_that_was_checked() -> None:
    assert whoosh.versionstring() == "2.7.4"


@pytest.mark.parametrize("merge", [True, False])
def test_a_refreshed_searcher_never_returns_deleted_documents(tmp_path: Path, merge: bool) -> None:  # noqa: FBT001 - a parameter
    made = index.create_in(tmp_path, Schema(id=ID(unique=True, stored=True), words=TEXT))
    for batch in range(4):
        writer = made.writer()
        for number in range(batch * 5, batch * 5 + 5):
            writer.add_document(id=str(number), words="withdrawn" if number % 2 else "kept")
        writer.commit(merge=False)
    searcher = made.searcher()
    assert len(list(searcher.docs_for_query(Every()))) == 20
    writer = made.writer()
    writer.delete_by_query(Term("words", "withdrawn"))
    writer.commit(merge=merge, optimize=merge)
    searcher = searcher.refresh()
    try:
        for query in (Every(), Term("words", "kept"), Term("words", "withdrawn")):
            found = [searcher.stored_fields(n)["id"] for n in searcher.docs_for_query(query)]
            assert not [one for one in found if int(one) % 2]
            hits = searcher.search(query, limit=None)
            assert not [hit["id"] for hit in hits if int(hit["id"]) % 2]
    finally:
        searcher.close()
