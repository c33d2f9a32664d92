"""Every chart of the house from plain data, as SVG for page, mail and PDF alike.

Colours stand as attributes (light theme) for mail and PDF, and as classes that `chart.css`
re-colours on a page. Each drawing carries a title (the finding), a description, and the same
numbers as a table twin. No script, no style attribute, no clock.
"""

from reports.charts.axes import date_marks, nice_ticks, text_width
from reports.charts.balance import balance_bar
from reports.charts.bars import bar, stacked_bar
from reports.charts.chart import Chart, Pin, Series, Size, Wording
from reports.charts.heat import heat_level, heat_map
from reports.charts.outlook import Mark, OutlookWording, outlook
from reports.charts.ruler import progress
from reports.charts.signed import signed_bar
from reports.charts.slope import Change, slope
from reports.charts.spark import sparkline
from reports.charts.trend import area, line

__all__ = [
    "Change",
    "Chart",
    "Mark",
    "OutlookWording",
    "Pin",
    "Series",
    "Size",
    "Wording",
    "area",
    "balance_bar",
    "bar",
    "date_marks",
    "heat_level",
    "heat_map",
    "line",
    "nice_ticks",
    "outlook",
    "progress",
    "signed_bar",
    "slope",
    "sparkline",
    "stacked_bar",
    "text_width",
]
