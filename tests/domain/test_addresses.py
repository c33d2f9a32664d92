import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.addresses import AddressError, AddressFault, normal_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ingrid@oskelund.example", "ingrid@oskelund.example"),
        ("  Ingrid.Dahle@Oskelund.Example ", "ingrid.dahle@oskelund.example"),
        ("o'neil+portal@a-b.example", "o'neil+portal@a-b.example"),
        ("王@例子.测试", "王@例子.测试"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert normal_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", AddressFault.NO_AT),
        ("ingrid", AddressFault.NO_AT),
        ("@oskelund.example", AddressFault.NO_AT),
        ("ingrid@", AddressFault.NO_AT),
        ("ingrid.dahle@oskelund", AddressFault.NO_ENDING),
        ("ingrid dahle@oskelund.example", AddressFault.MALFORMED),
        ("ingrid@oskelund..example", AddressFault.MALFORMED),
        ("ingrid\x00@oskelund.example", AddressFault.MALFORMED),
        ("ingrid\n@oskelund.example", AddressFault.MALFORMED),
        ("a@b@oskelund.example", AddressFault.MALFORMED),
        (".ingrid@oskelund.example", AddressFault.MALFORMED),
        ("x" * 65 + "@oskelund.example", AddressFault.MALFORMED),
    ],
)
def test_what_is_none_says_what_it_lacks(typed: str, fault: AddressFault) -> None:
    with pytest.raises(AddressError) as wrong:
        normal_address(typed)
    assert wrong.value.fault is fault


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        kept = normal_address(text)
    except AddressError:
        return
    assert normal_address(kept) == kept
    assert not any(letter.isspace() or letter == "\x00" for letter in kept)
