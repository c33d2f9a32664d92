from hypothesis import given
from hypothesis import strategies as st

from portal.domain.paging import Place, place_in


def test_the_page_asked_for() -> None:
    found = place_in(total=53, size=25, asked=2)
    assert found == Place(page=2, pages=3, offset=25)
    assert found.first == 26


def test_an_empty_list_has_one_page() -> None:
    assert place_in(total=0, size=25, asked=7) == Place(page=1, pages=1, offset=0)


@given(total=st.integers(0, 200), size=st.integers(1, 30), asked=st.integers(-3, 300))
def test_pages_cover_the_list_once(total: int, size: int, asked: int) -> None:
    rows = list(range(total))
    cut = [rows[at : at + size] for at in range(0, total, size)] or [[]]
    found = place_in(total, size, asked)
    nearest = min(range(1, len(cut) + 1), key=lambda page: abs(page - asked))
    assert (found.page, found.pages) == (nearest, len(cut))
    assert rows[found.offset : found.offset + size] == cut[nearest - 1]
