"""`make messages`: messages of code and templates into the catalogues, then compiled."""

from scripts import environment
from scripts.console import Stop, logged, say, start

TEMPLATE = environment.TRANSLATIONS / "messages.pot"
LOCALES = ("zh_Hans", "zh_Hant")  # English is the source and needs no catalogue
# gettext and its lazy twin, each with plurals and contexts; `N_` marks words translated later.
KEYWORDS = (
    *("_", "_l", "N_", "gettext", "lazy_gettext"),
    *("ngettext:1,2", "lazy_ngettext:1,2", "pgettext:1c,2", "npgettext:1c,2,3"),
)


def main() -> int:
    environment.prepare()
    marks = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    options = ["-F", "babel.cfg", "--no-default-keywords", "--sort-by-file", "--no-location"]
    _pybabel("extract", *options, *marks, "--project", "Paceline", "-o", str(TEMPLATE), ".")
    for locale in LOCALES:
        _collect(locale)
    environment.compile_catalogues()
    say("The catalogues are up to date")
    return 0


def _collect(locale: str) -> None:
    catalogue = environment.TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    verb = "update" if catalogue.exists() else "init"
    more = ["--no-fuzzy-matching", "--ignore-obsolete"] if verb == "update" else []
    _pybabel(verb, *more, "-i", str(TEMPLATE), "-o", str(catalogue), "-l", locale)


def _pybabel(*words: str) -> None:
    if not logged([environment.BIN / "pybabel", *words], environment.LOG):
        raise Stop(f"pybabel {words[0]} failed: see var/log/setup.log")


if __name__ == "__main__":
    start(main)
