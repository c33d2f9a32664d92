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
# A year, a date, a time or an address: without one, "as you wrote:" is a sentence of theirs.
_NAMED = re.compile(r"@|\d{4}|\d[.:/-]\d")
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
    """Empty where everything is quoted. What is answered between or below marked lines stays."""
    lines = text.splitlines()
    own, at = [], 0
    while at < len(lines):
        said = _wrote(lines, at)
        if said and _is_marked(lines, at + said):
            at += said
            continue
        if said and _NAMED.search(" ".join(lines[at : at + said])):
            break
        if _begins_quotation(lines, at):
            break
        if not lines[at].lstrip().startswith(">"):
            own.append(lines[at])
        at += 1
    return without_signature("\n".join(own))


def without_signature(text: str) -> str:
    lines = text.splitlines()
    end = next((at for at in range(len(lines)) if _begins_signature(lines[at])), len(lines))
    return "\n".join(line.rstrip() for line in lines[:end]).strip()


def _begins_quotation(lines: list[str], at: int) -> bool:
    """All that follows, unmarked."""
    line = lines[at].strip()[:_LONGEST_LINE]
    if _RULER.fullmatch(line) or (len(line) >= 20 and set(line) == {"_"}):  # noqa: PLR2004 # Outlook draws 32
        return True
    if _FROM.match(line):
        return any(_ABOUT.match(one[:_LONGEST_LINE]) for one in lines[at + 1 : at + _HEAD_LINES])
    return False


def _wrote(lines: list[str], at: int) -> int:
    """How many lines from here say who wrote what follows, such as: On Monday, Mara wrote."""
    told = ""
    for place in range(at, min(at + _MOST_WROTE_LINES, len(lines))):
        line = lines[place].strip().replace("：", ":")[:_LONGEST_LINE]
        if not line or (place > at and not told.lower().startswith(_OPENERS)):
            return 0
        told = f"{told} {line}".strip()
        if _says_who(told.lower()):
            return place - at + 1 if any(one.isdigit() or one == "@" for one in told) else 0
    return 0


def _says_who(told: str) -> bool:
    """The verb at the end, or before the name: Am 2. März schrieb Mara."""
    if told.endswith(_WROTE):
        return True
    inside = any(f" {one.rstrip(' :')} " in told for one in _WROTE)
    return inside and told.startswith(_OPENERS) and told.endswith(":")


def _is_marked(lines: list[str], at: int) -> bool:
    """Whether the next line that says anything is marked as a quotation."""
    following = (line.strip() for line in lines[at : at + _MOST_WROTE_LINES])
    return next((line for line in following if line), "").startswith(">")


def _begins_signature(line: str) -> bool:
    return line.rstrip() == "--" or line == "-- " or bool(_SENT_FROM.match(line.strip()))
