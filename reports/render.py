"""A snapshot in the reader's language: one HTML fragment for the page, one document for the PDF."""

from dataclasses import dataclass
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import drawings, findings, sentences
from reports.charts import heat_level
from reports.drawings import PAGE, PRINT
from reports.figure_words import definition_of, name_of, source_of, value_of
from reports.figures import FigureKey
from reports.model import Feature, Figure, Snapshot
from reports.tiles import tile_spans
from reports.words import Words

Medium = Literal["page", "print"]

STRIP = (
    FigureKey.ACTIVATION_RATE,
    FigureKey.LOGIN_RATIO,
    FigureKey.STICKINESS,
    FigureKey.TIME_ONLINE,
)

_NOTHING = Markup("")
_CJK = {"zh-Hant": "TC"}
templates = Environment(
    loader=PackageLoader("reports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Shown:
    """A figure of the strip: value, a plain sentence, and how it moved ("up", "down" or "").
    `definition` says what it means.
    """

    name: str
    value: str
    unit: str
    say: str
    change: str
    way: str
    key: FigureKey
    definition: str


@dataclass(frozen=True)
class Tile:
    """A core feature on the map: `step` 0 is unused, 1 to 4 are quarters of the weekly target."""

    name: str
    percent: str
    people: str
    users: str
    uses: str
    step: int
    span: int


@dataclass(frozen=True)
class SourceRow:
    name: str
    value: str
    definition: str
    window: str
    source: str
    as_of: str


def report_title(snapshot: Snapshot, words: Words) -> str:
    """Such as "Value report for Oskelund Foods, July to September 2026"."""
    return words.gettext(
        "Value report for %(account)s, %(period)s",
        account=snapshot.account.name,
        period=words.period(snapshot.period.first, snapshot.period.last),
    )


def figure_strip(snapshot: Snapshot, words: Words) -> list[Shown]:
    """The four headline figures, those of them that the snapshot has."""
    return [_shown(one, snapshot, words) for key in STRIP if (one := snapshot.figure(key))]


def render_body(
    snapshot: Snapshot,
    words: Words,
    *,
    medium: Medium = "page",
    actions: Markup = _NOTHING,
    icons_url: str = "",
) -> Markup:
    """Cover and chapters; only chapters for which there are figures.

    `actions` stands under the headline (download buttons), `icons_url` is the sprite that has the
    lock of the version stamp.
    """
    template = templates.get_template("body.html")
    context = _context(snapshot, words, medium)
    return Markup(  # noqa: S704 - rendered with autoescape
        template.render(**context, actions=actions, icons_url=icons_url)
    )


def render_document(snapshot: Snapshot, words: Words) -> str:
    """A whole HTML document for `reports.pdf.render_pdf`; it names no address of any kind."""
    template = templates.get_template("document.html")
    return template.render(
        _=words.gettext,
        words=words,
        report=snapshot,
        say=sentences,
        title=report_title(snapshot, words),
        stamp=_stamp(snapshot, words),
        page_of=_page_of(words),
        body=render_body(snapshot, words, medium="print"),
    )


def _page_of(words: Words) -> list[str]:
    """The words before, between and after the two page numbers that the typesetter counts."""
    said = words.gettext("Page %(page)s of %(pages)s", page="\0", pages="\0")
    return said.split("\0")


def _context(snapshot: Snapshot, words: Words, medium: Medium) -> dict[str, Any]:
    sheet = PRINT if medium == "print" else PAGE
    return {
        "_": words.gettext,
        "words": words,
        "report": snapshot,
        "say": sentences,
        "print": medium == "print",
        "font": f"Inter, Noto Sans CJK {_CJK.get(words.locale, 'SC')}, sans-serif",
        "title": report_title(snapshot, words),
        "frozen": _frozen(snapshot, words),
        "stamp": _stamp(snapshot, words),
        "use": drawings.weekly_use(snapshot, words, sheet),
        "strip": figure_strip(snapshot, words),
        "tiles": _tiles(snapshot, words),
        "calls": drawings.calls_by_week(snapshot, words, sheet),
        "note": snapshot.note(words.locale),
        "sources": [_source_row(one, snapshot, words) for one in snapshot.figures],
    }


def _stamp(snapshot: Snapshot, words: Words) -> str:
    if snapshot.published_at is None:
        return words.gettext("Draft of version %(n)s", n=snapshot.version)
    day = snapshot.published_at.astimezone(snapshot.zone).date()
    return words.gettext(
        "Version %(n)s, published %(day)s", n=snapshot.version, day=words.long_day(day)
    )


def _frozen(snapshot: Snapshot, words: Words) -> str:
    if snapshot.published_at is None:
        return words.gettext("This is a draft; its numbers may still change.")
    return words.gettext(
        "This report is frozen. If a source is corrected later, a new version says so; this one"
        " stays as it is."
    )


def _shown(figure: Figure, snapshot: Snapshot, words: Words) -> Shown:
    value, unit = value_of(figure, words)
    amount, way, say = _said_of(figure, words)
    return Shown(
        name=_dated_name(figure, snapshot, words),
        value=value,
        unit=unit,
        say=say,
        change=amount,
        way=way,
        key=figure.key,
        definition=definition_of(figure.definition, words),
    )


def _dated_name(figure: Figure, snapshot: Snapshot, words: Words) -> str:
    """With its days where they are not the report's."""
    name, days = name_of(figure.key, words), findings.days_within(figure, snapshot)
    if days is None:
        return name
    return words.gettext("%(name)s, last %(days)s days", name=name, days=words.number(days))


def _said_of(figure: Figure, words: Words) -> tuple[str, str, str]:
    """Signed change, its class, and the plain words after it."""
    if figure.value is None:
        return "", "", words.gettext("Not enough data")
    change = sentences.change_of(figure, words)
    if change is None:
        return "", "", sentences.counts_behind(figure, words)
    if not change[0]:
        return "", "", words.gettext("Unchanged on the period before")
    return *change, words.gettext("on the period before")


def _tiles(snapshot: Snapshot, words: Words) -> list[Tile]:
    ordered = findings.by_depth(snapshot.features)
    spans = tile_spans([one.depth or 0.0 for one in ordered])
    return [_tile(one, span, words) for one, span in zip(ordered, spans, strict=True)]


def _tile(feature: Feature, span: int, words: Words) -> Tile:
    depth = feature.depth
    return Tile(
        name=feature.names.said_in(words.locale),
        percent="–" if depth is None else words.percent(depth),
        people=words.ngettext("%(n)s person", "%(n)s people", feature.users),
        users=words.number(feature.users),
        uses=words.number(feature.uses),
        step=0 if feature.uses == 0 else max(1, heat_level(depth or 0.0, 1.0)),
        span=span,
    )


def _source_row(figure: Figure, snapshot: Snapshot, words: Words) -> SourceRow:
    window = figure.window
    names = [source_of(one, words, snapshot.vendor.name) for one in figure.sources]
    return SourceRow(
        name=name_of(figure.key, words),
        value=_counted_value(figure, words),
        definition=definition_of(figure.definition, words),
        window=words.period(window.first, window.last)
        if window
        else words.gettext("since the start"),
        source=words.listed(names),
        as_of=words.moment(figure.as_of, snapshot.time_zone),
    )


def _counted_value(figure: Figure, words: Words) -> str:
    """As printed; of people also how many are set up, where others were active too."""
    value = "\u00a0".join(value_of(figure, words)).rstrip("\u00a0")
    others = figure.key is FigureKey.ACTIVE_PERSONS and figure.part not in {None, figure.value}
    if not others:
        return value
    set_up = words.number(figure.part or 0)
    return words.gettext("%(value)s, %(part)s of them set up", value=value, part=set_up)
