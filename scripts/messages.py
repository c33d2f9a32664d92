"""`make messages`: messages of code and templates into the catalogues, then compiled.

What a message says is written into `portal/translations/*/LC_MESSAGES/messages.po` by hand; this
only adds new messages, empty, and takes out those that are gone. The tests name what is missing.
"""

from pathlib import Path

from scripts import environment
from scripts.console import ROOT, Stop, logged, say, start

TEMPLATE = ROOT / "var" / "messages.pot"  # made anew each time, so not kept
LOCALES = ("zh_Hans", "zh_Hant")  # English is the source and needs no catalogue
# gettext and its lazy twin, each with plurals and contexts; `N_` marks words translated later.
KEYWORDS = (
    *("_", "_l", "N_", "gettext", "lazy_gettext"),
    *("ngettext:1,2", "lazy_ngettext:1,2"),
    *("pgettext:1c,2", "lazy_pgettext:1c,2", "npgettext:1c,2,3"),
)


def main() -> int:
    environment.prepare()
    collect(TEMPLATE)
    for locale in LOCALES:
        _update(locale)
    environment.compile_catalogues()
    say("The catalogues are up to date")
    return 0


def collect(template: Path) -> None:
    """Writes the messages of the code, file by file and without line numbers: calm differences."""
    template.parent.mkdir(parents=True, exist_ok=True)
    marks = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    options = ["-F", "babel.cfg", "--no-default-keywords", "--sort-by-file", "--no-location"]
    naming = ["--no-wrap", "--project", "Paceline", "-o", str(template)]
    _pybabel("extract", *options, *marks, *naming, ".")


def _update(locale: str) -> None:
    catalogue = environment.TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    exists = catalogue.exists()
    calm = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"]
    options = ["--no-wrap", *(calm if exists else [])]
    files = ["-i", str(TEMPLATE), "-o", str(catalogue), "-l", locale]
    _pybabel("update" if exists else "init", *options, *files)


def _pybabel(*words: str) -> None:
    if not logged([environment.BIN / "pybabel", *words], environment.LOG):
        raise Stop(f"pybabel {words[0]} failed: see var/log/setup.log")


if __name__ == "__main__":
    start(main)
