from pathlib import Path

import pytest

from surveys.definitions import (
    OWN,
    Choices,
    DefinitionError,
    OpenText,
    Scale,
    read_definition,
    read_definitions,
)

NPS = (OWN / "nps.toml").read_text("utf-8")
OPTIONS = """
[[questions]]
kind = "choices"
key = "role"
text = {en = "Your role?", zh-Hans = "您的角色？", zh-Hant = "您的角色？"}
[[questions.options]]
key = "user"
text = {en = "User", zh-Hans = "使用者", zh-Hant = "使用者"}
[[questions.options]]
key = "lead"
text = {en = "Lead", zh-Hans = "负责人", zh-Hant = "負責人"}
"""


def written(folder: Path, toml: str, name: str = "nps.toml") -> Path:
    path = folder / name
    path.write_text(toml, "utf-8")
    return path


def test_our_own_surveys_are_whole_in_three_languages() -> None:
    surveys = read_definitions()
    assert set(surveys) == {"nps", "csat"}
    nps = surveys["nps"]
    assert nps.title.said_in("zh-Hans") == "您愿意推荐我们吗？"
    assert nps.title.said_in("zh-Hant") == "您願意推薦我們嗎？"
    assert nps.title.said_in("fr") == "Would you recommend us?"
    assert isinstance(nps.questions[0], Scale)
    assert isinstance(nps.questions[1], OpenText)


def test_a_vendor_may_ask_for_a_choice(tmp_path: Path) -> None:
    definition = read_definition(written(tmp_path, NPS + OPTIONS))
    assert isinstance(definition.questions[2], Choices)
    custom = NPS.replace('kind = "nps"', 'kind = "custom"').replace("highest = 10", "highest = 4")
    assert read_definition(written(tmp_path, custom)).kind == "custom"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("schema = 1", "schema = 2", r"nps.toml: Invalid enum value 2 - at `\$.schema`"),
        ("schema = 1", "schema = ", "nps.toml: Invalid value"),
        ('zh-Hant = "您願意推薦我們嗎？"', "", r"missing required field `zh-Hant` - at `\$.title`"),
        ('key = "reason"', 'key = "score"', "each question needs a key of its own"),
        ("highest = 10", "highest = 5", "the first question of nps is a scale from 0 to 10"),
        ('kind = "text"', 'kind = "voice"', r"Invalid value 'voice' - at `\$.questions\[1\].kind`"),
        ('key = "reason"', 'key = "reason"\ncolour = "red"', "unknown field `colour`"),
        ('key = "nps"', 'key = "Not A Key"', r"at `\$.key`"),
    ],
)
def test_a_wrong_file_says_where_and_why(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in NPS
    with pytest.raises(DefinitionError, match=reason):
        read_definition(written(tmp_path, NPS.replace(old, new)))


def test_words_cannot_be_scored(tmp_path: Path) -> None:
    head, _, tail = NPS.partition("[[questions]]")
    words = "[[questions]]" + tail.partition("[[questions]]")[2]
    with pytest.raises(DefinitionError, match="is a scale from 0 to 10"):
        read_definition(written(tmp_path, head + words))


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"gone\.toml"):
        read_definition(tmp_path / "gone.toml")
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    with pytest.raises(DefinitionError, match=r"latin\.toml"):
        read_definition(tmp_path / "latin.toml")


def test_the_files_name_is_the_key(tmp_path: Path) -> None:
    written(tmp_path, NPS, "other.toml")
    with pytest.raises(DefinitionError, match=r"other\.toml: the key 'nps' is not the file's name"):
        read_definitions(tmp_path)
