import pytest

from portal.domain.browsers import browser_and_system

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", ("Chrome", "Windows")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/142.0", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            ("Firefox", "Linux"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (f"Mozilla/5.0 (Linux; Android 16) {CHROME}", ("Chrome", "Android")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_called_by_its_name(agent: str, said: tuple[str, str]) -> None:
    assert browser_and_system(agent) == said
