"""What somebody has newly written in a mail: without what they answer to, without the signature.

Line by line, so that no mail takes longer than its length. In doubt a line stays: a reader skips a
quotation more easily than they miss a sentence.
"""

import re

_WROTE = (
    "wrote:",
    "写道:",
    "寫道:",
    "撰写:",
    "撰寫:",
    "schrieb:",
    "a écrit :",
    "escribió:",
    "skrev:",
)
_OPENERS = ("on ", "am ", "le ", "el ", "den ", "在", "於", "于")
_MOST_WROTE_LINES = 3
_RULER = re.compile(
    r"[-_=* ]{2,}(original message|forwarded message|ursprüngliche nachricht|原始邮件|原始郵件|"
    r"转发邮件|轉寄郵件|回复原邮件)[-_=* ]{2,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"[*> ]*(from|von|de|fra|发件人|寄件者|寄件人)\s?[*]?[:：]", re.IGNORECASE)
_ABOUT = re.compile(
    r"[*> ]*(sent|date|to|subject|gesendet|datum|an|betreff|发送时间|日期|收件人|主题|收件者|主旨|"
    r"寄件日期)\s?[*]?[:：]",
    re.IGNORECASE,
)
_HEAD_LINES = 5
_SENT_FROM = re.compile(
    r"(sent from my |get outlook for |sent from outlook|发自我的|从我的.{0,20}发送|"
    r"從我的.{0,20}傳送|寄自我的|来自我的|von meinem .{1,20} gesendet)",
    re.IGNORECASE,
)
_LONGEST_LINE = 300


def reply_of(text: str) -> str:
    """Empty where everything is quoted."""
    lines = text.splitlines()
    end = next((at for at in range(len(lines)) if _begins_quotation(lines, at)), len(lines))
    own = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    return without_signature("\n".join(own))


def without_signature(text: str) -> str:
    lines = text.splitlines()
    end = next((at for at in range(len(lines)) if _begins_signature(lines[at])), len(lines))
    return "\n".join(line.rstrip() for line in lines[:end]).strip()


def _begins_quotation(lines: list[str], at: int) -> bool:
    line = lines[at].strip()[:_LONGEST_LINE]
    if _RULER.fullmatch(line) or (len(line) >= 20 and set(line) == {"_"}):  # noqa: PLR2004 # Outlook draws 32
        return True
    if _FROM.match(line):
        return any(_ABOUT.match(one[:_LONGEST_LINE]) for one in lines[at + 1 : at + _HEAD_LINES])
    return _is_wrote(lines, at)


def _is_wrote(lines: list[str], at: int) -> bool:
    """Such as: On Monday, Mara wrote: (over several lines too)."""
    told = ""
    for place in range(at, min(at + _MOST_WROTE_LINES, len(lines))):
        line = lines[place].strip().replace("：", ":")[:_LONGEST_LINE]
        if not line:
            return False
        if place > at and not told.lower().startswith(_OPENERS):
            return False
        told = f"{told} {line}".strip()
        if told.lower().endswith(_WROTE):
            return _names_somebody(told)
    return False


def _names_somebody(told: str) -> bool:
    """A date or an address stands before it."""
    return any(one.isdigit() for one in told) or "@" in told


def _begins_signature(line: str) -> bool:
    return line.rstrip() == "--" or line == "-- " or bool(_SENT_FROM.match(line.strip()))
