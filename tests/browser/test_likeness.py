from tests.browser.likeness import Likeness

PAGE = """<body><nav></nav><main><form>
<input id="once" name="once" type="hidden" value="{once}">
<input type="hidden" name="csrf_token" value="{once}"><b>{words}</b></form></main></body>"""


def test_a_form_with_another_token_says_nothing_new() -> None:
    likeness = Likeness()
    assert likeness.says_something_new(PAGE.format(once="a1", words="Make task"))
    assert not likeness.says_something_new(PAGE.format(once="b2", words="Make task"))
    assert likeness.says_something_new(PAGE.format(once="b2", words="Make two"))
