"""What was once examined is not examined again, unless it differs in more than its values."""

from typing import Any

from sqlalchemy import Column, func, literal_column, select, text

from portal.models import Feature, Person
from portal.shapes import shape_of

TABLE: Any = Person.__table__


def test_values_make_no_other_shape() -> None:
    one, other = (select(Person.id).where(Person.id == number) for number in (1, 2))
    assert shape_of(one) is shape_of(other)
    assert shape_of(one).owned
    assert not shape_of(one).raw


def test_the_table_behind_a_model_is_another_statement() -> None:
    """In either order: what was found of one is never taken for the other."""
    for columns in ((Person.id, TABLE.c.id), (TABLE.c.external_id, Person.external_id)):
        shapes = [shape_of(select(column).where(column.is_not(None))) for column in columns]
        assert [one.raw for one in shapes] == [isinstance(column, Column) for column in columns]


def test_text_is_text_however_often() -> None:
    assert shape_of(select(text("1"))).text
    assert shape_of(select(text("1"))).text
    assert not shape_of(select(literal_column("1"))).text
    assert not shape_of(select(func.count(Feature.key))).owned
