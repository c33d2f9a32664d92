"""Which addresses may be asked, and what an answer says."""

import pytest

from portal.domain.external_links import NotAsked, is_public, outcome_of, read_target


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "0.0.0.0", "255.255.255.255"),  # noqa: S104 # nothing listens here  # noqa: S104 # nothing listens here
        *("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1"),
        *("198.18.0.1", "203.0.113.9", "240.0.0.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("fec0::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
        *("2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        *("64:ff9b:1::1", "2001:db8::1", "2001:0:7f00:1::1", "no address", ""),
    ],
)
def test_an_address_of_this_machine_its_network_or_its_cloud_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"]
)
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://a.example/", "file:///etc/passwd", "javascript:alert(1)", "//a.example/", "a"),
        *("http://", "http://user:word@a.example/", "http://a.example:22/", "http://a.example:x/"),
        *("http://a b.example/", "http://[::1", "http://..example/"),
        "http://a.example:99999/",
    ],
)
def test_what_is_no_plain_web_address_is_not_asked(url: str) -> None:
    with pytest.raises(NotAsked):
        read_target(url)


def test_a_target_is_written_in_the_letters_of_the_wire() -> None:
    target = read_target("https://Bücher.example/a b/ä?q=1 2#part")
    assert (target.host, target.port, target.secure) == ("xn--bcher-kva.example", 443, True)
    assert target.path == "/a%20b/%C3%A4?q=1%202"
    assert target.named == "xn--bcher-kva.example"
    assert read_target("http://[2606:4700::1]:8080").named == "[2606:4700::1]:8080"
    assert read_target("http://a.example").path == "/"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, "working"), (204, "working"), (404, "gone"), (410, "gone"), (500, "failing")),
        *((400, "failing"), (403, "unclear"), (429, "unclear"), (503, "unclear"), (304, "failing")),
    ],
)
def test_what_an_answer_says(status: int, outcome: str) -> None:
    assert outcome_of(status) == outcome
