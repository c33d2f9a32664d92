"""What is said of an account's peers beside its own figures."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from portal.domain.account_metrics import Values
from portal.domain.peers import PeerRow
from portal.services.adoption import Standing
from portal.web.adoption.metric_names import metric_name
from portal.web.adoption.quantities import said
from portal.web.adoption.span import USUAL, Span
from portal.web.formats import day_year
from portal.web.prose import joined

Peers = Mapping[str, PeerRow]
# These follow from the days shown, the others from the 30 days that end with the last of them.
OF_THE_DAYS = frozenset({"breadth", "depth", "time_online_each"})


def peers_to_show(standing: Standing, span: Span) -> Peers:
    """For the figures of these days that the peers' can stand beside: theirs are of the 30 days up
    to the last full one.
    """
    if span.last != standing.newest:
        return {}
    found = {one.metric: one for one in standing.peers}
    if span.days == USUAL:
        return found
    return {key: one for key, one in found.items() if key not in OF_THE_DAYS}


def peer_words(peers: Peers, metric: str) -> str:
    """Peers: 61 %. Empty where too few stand behind it."""
    found = peers.get(metric)
    return _("Peers: %(median)s", median=said(metric, found.median)) if found else ""


def beside_peers(peers: Peers, values: Values, metrics: Sequence[str]) -> str:
    """Breadth: 80 %, peers 70 %. Depth: 63 %, peers 55 %."""
    return joined(*(_beside(peers[key], values.get(key)) for key in metrics if key in peers))


def _beside(peer: PeerRow, own: float | None) -> str:
    return _(
        "%(figure)s: %(own)s, peers %(median)s.",
        figure=metric_name(peer.metric),
        own=said(peer.metric, own),
        median=said(peer.metric, peer.median),
    )


def peers_words(peers: Peers) -> str:
    """Which day the peers' figures are of; empty where there are none."""
    if not peers:
        return ""
    newest = max(row.day for row in peers.values())
    return _(
        "Peers: the median of the other accounts of the same segment, on %(day)s. It is shown only "
        "where at least five stand behind it, rounded; nobody sees whose figures they are.",
        day=day_year(newest),
    )
