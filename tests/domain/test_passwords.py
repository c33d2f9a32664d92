import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.passwords import (
    LEAST_LENGTH,
    MOST_LENGTH,
    PasswordFault,
    normal_password,
    password_fault,
)


@pytest.mark.parametrize(
    "password",
    [
        "a long walk by the sea",
        "kW8!zu2#pQ9v",
        "三人行必有我师焉择其善者",
        "ingrid likes her sea walks",
    ],
)
def test_good_ones_pass(password: str) -> None:
    assert password_fault(password, email="ingrid@oskelund.example", name="Ingrid Dahle") is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short one", PasswordFault.TOO_SHORT),
        ("", PasswordFault.TOO_SHORT),
        ("x" * 11, PasswordFault.TOO_SHORT),
        ("walk " * 60, PasswordFault.TOO_LONG),
        ("aaaaaaaaaaaa", PasswordFault.COMMON),
        ("123456789012", PasswordFault.COMMON),
        ("passwordpassword", PasswordFault.COMMON),
        ("Password1234", PasswordFault.COMMON),
        ("P@ssw0rd2026!", PasswordFault.COMMON),
        ("letmeinplease", PasswordFault.COMMON),
        ("ingrid@oskelund.example", PasswordFault.OWN_ADDRESS),
        ("IngridDahle2026", PasswordFault.OWN_ADDRESS),
        ("oskelund-ingrid!", PasswordFault.OWN_ADDRESS),
    ],
)
def test_poor_ones_say_why(password: str, fault: PasswordFault) -> None:
    found = password_fault(password, email="ingrid@oskelund.example", name="Ingrid Dahle")
    assert found is fault


@given(st.text(max_size=400), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gets_an_answer(password: str, email: str, name: str) -> None:
    fault = password_fault(password, email=email, name=name)
    fits = LEAST_LENGTH <= len(password) <= MOST_LENGTH
    assert (fault in {PasswordFault.TOO_SHORT, PasswordFault.TOO_LONG}) is not fits


def test_two_keyboards_type_one_password() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert composed != decomposed
    assert normal_password(composed) == normal_password(decomposed)
