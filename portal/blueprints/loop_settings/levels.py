"""Service levels: what is promised to which tier, in which calendar, and what that means now."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.loop_settings import blueprint
from portal.blueprints.loop_settings.calendar_form import CalendarForm, NewCalendarForm
from portal.blueprints.loop_settings.level_rows import (
    calendar_lines,
    read_rows,
    rows_of,
    severity_word,
    tier_parts,
    trial_said,
)
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.services.requests.levels import (
    SEVERITIES,
    TIERS,
    delete_calendar,
    find_calendar,
    list_calendars,
    list_levels,
    save_calendar,
    save_levels,
    try_out,
)
from portal.web.guards import db, needs
from portal.web.portfolio import tier_word
from portal.web.refusals import turning_back


@blueprint.get("/service-levels")
@needs(Permission.REQUEST_TRIAGE)
def levels() -> str:
    """With ?tier= and ?severity= what is promised for a request that is told now."""
    tier, severity = request.args.get("tier", ""), request.args.get("severity", "")
    tier = tier if tier in TIERS else TIERS[0]
    severity = severity if severity in SEVERITIES else "blocking"
    calendars = list_calendars(db())
    return render_template(
        "loop_settings/levels.html",
        tiers=tier_parts(list_levels(db()), calendars),
        calendars=calendar_lines(calendars),
        tier=tier,
        severity=severity,
        tier_choices=[(one, tier_word(one)) for one in TIERS],
        severity_choices=[(one, severity_word(one)) for one in SEVERITIES if one],
        trial=trial_said(try_out(db(), tier, severity)),
    )


@blueprint.get("/service-levels/tiers/<tier>")
@needs(Permission.REQUEST_TRIAGE)
def levels_tier(tier: str) -> str:
    return _tier_page(_tier(tier), {}, {})


@blueprint.post("/service-levels/tiers/<tier>")
@needs(Permission.REQUEST_TRIAGE)
def levels_tier_save(tier: str) -> Response:
    typed = {name: said[:200] for name, said in request.form.items()}
    try:
        changed = save_levels(db(), _tier(tier), read_rows(typed))
    except Invalid as refused:
        return make_response(_tier_page(tier, typed, refused.fields), 422)
    told = (
        _("Kept. What is due of their open requests is worked out anew in a moment.")
        if changed
        else _("Nothing changed.")
    )
    flash(told, "toast")
    return redirect(url_for("loop_settings.levels"))


@blueprint.get("/service-levels/calendars/new")
@needs(Permission.REQUEST_TRIAGE)
def levels_calendar_new() -> str:
    form = NewCalendarForm(formdata=None)
    form.suggest()
    return _calendar_page(form, "", "")


@blueprint.post("/service-levels/calendars")
@needs(Permission.REQUEST_TRIAGE)
def levels_calendar_add() -> Response:
    form = NewCalendarForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusing_each():
            save_calendar(db(), form.text)
            flash(_("The calendar is kept."), "toast")
            return redirect(url_for("loop_settings.levels"))
    return make_response(_calendar_page(form, "", ""), 422)


@blueprint.get("/service-levels/calendars/<key>")
@needs(Permission.REQUEST_TRIAGE)
def levels_calendar(key: str) -> str:
    found = find_calendar(db(), key)
    form = CalendarForm(formdata=None)
    form.show(found)
    return _calendar_page(form, key, found.name)


@blueprint.post("/service-levels/calendars/<key>")
@needs(Permission.REQUEST_TRIAGE)
def levels_calendar_save(key: str) -> Response:
    found, form = find_calendar(db(), key), CalendarForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusing_each():
            save_calendar(db(), form.text, key)
            flash(_("Kept. What runs in this calendar is worked out anew in a moment."), "toast")
            return redirect(url_for("loop_settings.levels"))
    return make_response(_calendar_page(form, key, found.name), 422)


@blueprint.post("/service-levels/calendars/<key>/deletion")
@needs(Permission.REQUEST_TRIAGE)
@turning_back("loop_settings.levels_calendar", Conflict)
def levels_calendar_delete(key: str) -> Response:
    delete_calendar(db(), key)
    flash(_("The calendar is deleted."), "toast")
    return redirect(url_for("loop_settings.levels"))


def _tier(said: str) -> str:
    if said not in TIERS:
        raise NotFound
    return said


def _tier_page(tier: str, typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "loop_settings/tier.html",
        tier=tier,
        name=tier_word(tier),
        rows=rows_of(tier, list_levels(db()), typed, errors),
        calendars=[(one.key, one.name) for one in list_calendars(db())],
        wrong=bool(errors),
    )


def _calendar_page(form: CalendarForm, key: str, name: str) -> str:
    form.offer()
    return render_template(
        "loop_settings/calendar.html", form=form, key=key, called=name or _("New calendar")
    )
