import pytest

from portal.domain.terms import TermKind, Terms, Wording

FULL = Wording("Hospitality", "酒店餐饮", "飯店餐飲")


@pytest.mark.parametrize(
    ("wording", "locale", "said"),
    [
        (FULL, "en", "Hospitality"),
        (FULL, "zh-Hans", "酒店餐饮"),
        (FULL, "zh-Hant", "飯店餐飲"),
        (Wording("Energy", "能源与审批"), "zh-Hant", "能源與簽核"),
        (Wording("Energy"), "zh-Hans", "Energy"),
        (Wording("Energy"), "zh-Hant", "Energy"),
        (Wording("", "能源"), "en", "key"),
        (Wording("", "", "能源"), "zh-Hant", "能源"),
        (Wording("", "", "能源"), "zh-Hans", "key"),
    ],
)
def test_a_missing_name_is_stood_in_for(wording: Wording, locale: str, said: str) -> None:
    assert wording.in_locale(locale, "key") == said


def test_what_nobody_named_is_its_key_and_kinds_stand_apart() -> None:
    terms = Terms("en", {("industry", "west"): Wording("Wild West")})
    assert terms.name(TermKind.INDUSTRY, "west") == "Wild West"
    assert terms.name(TermKind.REGION, "west") == "west"
    assert terms.name(TermKind.REGION, "") == ""
