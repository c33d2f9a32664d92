"""What is new in a mail, by how the clients of the world quote and sign."""

import pytest

from portal.domain.mail_reply import reply_of, without_signature

CASES = {
    "plain": ("It works.\nThank you.", "It works.\nThank you."),
    "quoted below": ("It works.\n\nOn Mon, 2 Mar 2026, Mara wrote:\n> Does it?", "It works."),
    "over two lines": (
        "Yes.\nOn 2 March 2026 at 10:00\nMara <m@x.example> wrote:\n> Well?",
        "Yes.",
    ),
    "answers between": ("> First?\nYes.\n> Second?\nNo.", "Yes.\nNo."),
    "answered below": (
        "On Mon, 2 Mar 2026, Mara <m@x.example> wrote:\n> Well?\n\nIt works.",
        "It works.",
    ),
    "answered between": (
        "Hello,\n\nOn 2 Mar, Mara wrote:\n\n> First?\nYes.\n\n> Second?\nNo.",
        "Hello,\n\n\nYes.\n\nNo.",
    ),
    "a sentence of theirs": (
        "It fails on 3 machines, as you wrote:\nA and B.",
        "It fails on 3 machines, as you wrote:\nA and B.",
    ),
    "outlook": ("Yes.\n\nFrom: Mara\nSent: Monday\nTo: Pia\nSubject: Re\n\nWell?", "Yes."),
    "outlook ruler": ("Yes.\n" + "_" * 32 + "\nFrom: Mara", "Yes."),
    "original message": ("Yes.\n-----Original Message-----\nFrom: Mara", "Yes."),
    "chinese": ("可以用了。\n\n在 2026年3月2日，Mara 写道：\n> 可以吗？", "可以用了。"),
    "traditional": ("可以用了。\nMara 於 2026年3月2日 寫道：\n> 可以嗎？", "可以用了。"),
    "foxmail": (
        "可以。\n\n发件人： Mara\n发送时间： 2026-03-02\n收件人： Pia\n主题： 回复",
        "可以。",
    ),
    "qq": ("可以。\n------------------ 原始邮件 ------------------\n发件人: Mara", "可以。"),
    "german": ("Ja.\nAm 02.03.2026 um 10:00\nMara schrieb:\n> Und?", "Ja."),
    "the name last": ("Ja.\n\nAm 02.03.2026 um 10:00 schrieb Mara\n<m@x.example>:\n> Und?", "Ja."),
    "signature": ("Yes.\n-- \nPia\nOskelund", "Yes."),
    "phone": ("Yes.\n\nSent from my phone", "Yes."),
    "phone in chinese": ("好。\n发自我的手机", "好。"),
    "a list stays": ("- one\n- two\n-three", "- one\n- two\n-three"),
    "a sentence stays": (
        "From: the second page on it fails.",
        "From: the second page on it fails.",
    ),
    "all quoted": ("> Well?", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_the_reply_is_what_is_new(name: str) -> None:
    given, new = CASES[name]
    assert reply_of(given) == new


def test_what_is_forwarded_with_a_new_question_stays() -> None:
    text = "See below.\n-----Original Message-----\nFrom: a\nSent: b\n\nIt fails.\n-- \nPia"
    assert without_signature(text).endswith("It fails.")


def test_long_ones_are_read_line_by_line() -> None:
    for text in (">" * 100_000, "On 1 " * 20_000, "From: \n" * 15_000, " " * 100_000 + "wrote:"):
        reply_of(text)
