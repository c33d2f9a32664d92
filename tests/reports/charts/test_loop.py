from xml.etree.ElementTree import Element, fromstring

from reports.charts.loop import Stop, loop, ringlet

WAY = [Stop("You asked", "3 Sep"), Stop("Clarified", "4 Sep"), Stop("Planned"), Stop("Released")]


def marks(drawn: str, kind: str) -> list[Element]:
    root = fromstring(drawn)  # noqa: S314 - our own drawing
    return [one for one in root.iter() if one.get("class", "").split(" ")[0] == kind]


def test_the_way_is_drawn_as_far_as_it_has_gone() -> None:
    drawn = loop("r", "Two of five", WAY, 1, ["Waits", "for <us>"])
    nodes = marks(drawn, "node")
    assert [node.get("class") for node in nodes] == ["node", "node", "node open", "node open"]
    assert [one.text for one in marks(drawn, "big")] == ["Waits", "for <us>"]
    assert [one.text for one in marks(drawn, "day")] == ["3 Sep", "4 Sep"]
    assert len(marks(drawn, "gap")) == 1


def test_closed_by_the_customer_it_has_no_gap() -> None:
    assert not marks(loop("r", "Closed", WAY, len(WAY), ["Closed"]), "gap")
    assert marks(loop("r", "Released", WAY, len(WAY) - 1, []), "gap")


def test_a_small_ring_says_the_same() -> None:
    half = marks(ringlet(0.5), "ar")[0]
    assert half.get("stroke-dasharray") == "25.1 60"
    assert marks(ringlet(1, closed=True), "ck")
    assert not marks(ringlet(0.3, declined=True), "ar")
