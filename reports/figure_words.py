"""Names, definitions and sources of figures in the reader's language."""

from reports.figures import Definition, FigureKey, Source, Unit
from reports.model import Figure
from reports.words import Words


def name_of(key: FigureKey, words: Words) -> str:
    _ = words.gettext
    return {
        FigureKey.ACTIVE_PERSONS: _("Active people"),
        FigureKey.ACTIVATION_RATE: _("Activation rate"),
        FigureKey.LOGIN_RATIO: _("Login ratio"),
        FigureKey.WAU: _("Weekly active people"),
        FigureKey.MAU: _("Monthly active people"),
        FigureKey.STICKINESS: _("Stickiness"),
        FigureKey.TIME_ONLINE: _("Time online"),
        FigureKey.BREADTH: _("Breadth"),
        FigureKey.DEPTH: _("Depth"),
        FigureKey.INTEGRATION_CALLS: _("Integration calls"),
        FigureKey.INTEGRATIONS_SEEN: _("Integrations seen"),
    }[key]


def definition_of(key: Definition, words: Words) -> str:
    _ = words.gettext
    return {
        Definition.ACTIVE_PERSONS: _("Different people with at least one event in the window."),
        Definition.ACTIVATION_BY_SEATS: _(
            "People with at least one activation event ever, of the seats you bought."
        ),
        Definition.ACTIVATION_BY_PROVISIONED: _(
            "People with at least one activation event ever, of the people set up."
        ),
        Definition.LOGIN_RATIO: _("Different people active in the window, of the people set up."),
        Definition.WAU: _("Different people active in the last 7 days of the period."),
        Definition.MAU: _("Different people active in the last 30 days of the period."),
        Definition.STICKINESS: _(
            "The mean of daily active people over 30 days, of the people active in those 30 days."
        ),
        Definition.TIME_ONLINE: _(
            "Minutes between neighbouring active minutes at most 30 minutes apart, of all people."
            " Not known where usage was told as daily sums."
        ),
        Definition.BREADTH: _("Core features used in the window, of those in your contract."),
        Definition.DEPTH: _(
            "Uses per person and week against the feature's weekly target, at most 100 %%;"
            " the mean over the core features of your contract."
        ),
        Definition.INTEGRATION_CALLS: _(
            "Events that came from an integration or the API. Not known where usage was told as"
            " daily sums."
        ),
        Definition.INTEGRATIONS_SEEN: _("Different integrations with at least one event."),
    }[key]


def source_of(key: Source, words: Words, vendor: str) -> str:
    return {
        Source.USAGE_EVENTS: words.gettext("%(vendor)s usage events", vendor=vendor),
        Source.PERSON_LIST: words.gettext("your list of people"),
        Source.CONTRACT_SEATS: words.gettext("seats in your contract"),
        Source.ENTITLEMENTS: words.gettext("features in your contract"),
    }[key]


def value_of(figure: Figure, words: Words) -> tuple[str, str]:
    """Number and unit as they are printed, the unit empty for counts and ratios.

    A dash where there is not enough data.
    """
    if figure.value is None:
        return "–", ""
    if figure.unit is Unit.RATIO:
        return words.percent(figure.value), ""
    if figure.unit is Unit.SECONDS:
        return words.duration(figure.value)
    return words.number(figure.value), ""
