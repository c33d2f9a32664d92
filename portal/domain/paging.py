from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The page shown of a numbered list. `page` and `pages` count from 1; `offset` rows come
    before it, and `first` is the number of its first row, from 1.
    """

    page: int
    pages: int
    offset: int

    @property
    def first(self) -> int:
        return self.offset + 1


def place_in(total: int, size: int, asked: int) -> Place:
    """The page asked for of `total` rows, `size` on each; past an end, the nearest one. An empty
    list has one page.
    """
    pages = max(-(-total // size), 1)
    page = min(max(asked, 1), pages)
    return Place(page, pages, (page - 1) * size)
