from random import Random

from reports.charts import Mark, OutlookWording, outlook
from tests.reports.charts.drawn import all_of, roots, words

WORDING = OutlookWording(
    days=lambda days: f"{days} days",
    many=lambda count: f"{count} accounts",
    today="today",
    axis="to renewal",
    near="90 days",
    empty="No account has both.",
    head=("Account", "Health", "Days"),
)


def mark(name: str, days: int, score: float, band: str = "good", weight: float | None = 1) -> Mark:
    row = (name, f"{score:g}", str(days))
    return Mark(name, days, score, band, weight, f"/accounts/{name}", f"{name}: {score:g}", row)


def test_low_and_soon_is_low_and_right() -> None:
    chart = outlook("m", "T", [mark("far", 300, 90), mark("soon", 30, 20)], WORDING)
    broad, _ = roots(chart)
    far, soon = sorted(all_of(broad, "good"), key=lambda one: float(one.get("cx", "0")))
    assert float(far.get("cy", "0")) < float(soon.get("cy", "0"))
    assert chart.head == ("Account", "Health", "Days")
    assert chart.rows == (("far", "90", "300"), ("soon", "20", "30"))


def test_each_mark_is_a_link_that_says_its_account() -> None:
    chart = outlook("m", "T", [mark("a&b", 10, 40, "risk"), mark("c", 20, 60, "watch")], WORDING)
    for root in roots(chart):
        assert root.get("role") == "group"
        links = list(root.iter("a"))
        assert {one.get("href") for one in links} == {"/accounts/a&b", "/accounts/c"}
        assert {one.get("aria-label") for one in links} == {"a&b: 40", "c: 60"}
        assert len(all_of(root, "risk")) == len(all_of(root, "watch")) == 1


def test_what_is_over_or_far_away_stands_at_the_end_of_the_axis() -> None:
    chart = outlook("m", "T", [mark("over", -40, 50), mark("ages", 9000, 50)], WORDING)
    root = roots(chart)[0]
    found = [float(one.get("cx", "0")) for one in all_of(root, "good")]
    assert sorted(found) == [36.0, 994.0]
    assert "1080 days" in words(root)
    assert all(0 <= float(one.get("cy", "0")) <= 420 for one in all_of(root, "good"))


def test_the_area_of_a_mark_tells_its_weight() -> None:
    marks = [mark("one", 100, 80, weight=100), mark("two", 200, 80, weight=25)]
    found = [
        float(one.get("r", "0"))
        for one in all_of(roots(outlook("m", "T", marks, WORDING))[0], "good")
    ]
    assert found[0] > found[1]
    unknown = outlook("m", "T", [mark("none", 1, 1, weight=None)], WORDING)
    assert all_of(roots(unknown)[0], "good")[0].get("r") == "6.5"


def test_names_never_cover_each_other_and_the_urgent_come_first() -> None:
    random = Random(3)
    crowd = [
        mark(f"Account {n}", random.randint(0, 360), random.randint(60, 100)) for n in range(150)
    ]
    chart = outlook("m", "T", [*crowd, mark("At risk", 60, 80, "risk")], WORDING)
    root = roots(chart)[0]
    said = [one for link in root.iter("a") for one in link.iter("text")]
    assert "At risk" in [one.text for one in said]
    assert 3 < len(said) < 151
    boxes = []
    for one in said:
        wide = sum(0.58 * 12.5 for _ in one.text or "")
        left = float(one.get("x", "0")) - {"end": wide, "middle": wide / 2}.get(
            one.get("text-anchor", ""), 0
        )
        boxes.append((left, float(one.get("y", "0")), wide))
    for i, (left, y, wide) in enumerate(boxes):
        for other, beside, far in boxes[:i]:
            assert abs(y - beside) >= 15 or left >= other + far or other >= left + wide


def test_the_rest_are_cells_that_count_everybody() -> None:
    rest = [(10, 95.0)] * 30 + [(300, 12.0)] * 3
    chart = outlook("m", "T", [mark("one", 5, 5, "risk")], WORDING, rest=rest)
    root = roots(chart)[0]
    said = [one.text for one in root.iter("title")]
    assert "30 accounts" in said
    assert "3 accounts" in said
    assert len(all_of(root, "d4")) == len(all_of(root, "d1")) == 1
    assert len(chart.rows) == 1


def test_an_empty_map_says_so() -> None:
    for root in roots(outlook("m", "T", [], WORDING)):
        assert "No account has both." in " ".join(words(root))
