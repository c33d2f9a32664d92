from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.alert_rules.forms import RuleForm, data_of, form_for, values_of
from portal.blueprints.alert_rules.pages import (
    own_settings,
    replay_part,
    rule_lines,
    segment_choices,
    stage_choices,
)
from portal.domain.early_warning import Rule
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.services.alerts.replay import LONGEST, USUAL, ask_replay, find_replay, show_replay
from portal.services.alerts.settings import (
    change_rule,
    forget_rule,
    make_setting,
    rule_book,
    segment_keys,
)
from portal.services.segments import segment_rules
from portal.web.alert_rules import ABOUT, place_name
from portal.web.alerts import RULE_NAMES
from portal.web.forms import choices
from portal.web.guards import db, needs

blueprint = Blueprint(
    "alert_rules", __name__, url_prefix="/admin/alert-rules", template_folder="templates"
)
SPANS = (USUAL, LONGEST)
Where = tuple[str, str]


@blueprint.get("")
@needs(Permission.ALERT_ADMIN)
def index() -> str:
    lines = rule_lines(rule_book(db()), segment_rules(db()))
    return render_template("alert_rules/index.html", lines=lines)


@blueprint.get("/<rule>")
@needs(Permission.ALERT_ADMIN)
def show(rule: str) -> str:
    """With ?replay=<key> the thresholds of that replay, and what they would have raised."""
    wanted, where = _rule(rule), _where()
    key = request.args.get("replay", "")[:40]
    if not key:
        return _page(wanted, where, None)
    view = show_replay(db(), key)
    if view.setting.rule is not wanted:
        raise NotFound
    where = (view.setting.segment, view.setting.stage)
    form = form_for(wanted)(formdata=None, data=_data(wanted, where, key))
    return _page(wanted, where, form, key)


@blueprint.post("/<rule>")
@needs(Permission.ALERT_ADMIN)
def save(rule: str) -> Response:
    wanted, (segment, stage) = _rule(rule), _where()
    form = _offer(form_for(wanted)())
    if form.validate_on_submit():
        with form.refusing({}):
            values = values_of(form, wanted)
            if unseen := _to_see_first(form, wanted, (segment, stage)):
                return redirect(_replay_address(wanted, unseen, on=1))
            change_rule(db(), wanted, on=form.on.data, values=values, segment=segment, stage=stage)
            flash(_("Kept. It counts from the next night on."), "toast")
            return redirect(_address(wanted, (segment, stage)))
    return make_response(_page(wanted, (segment, stage), form), 422)


@blueprint.post("/<rule>/replay")
@needs(Permission.ALERT_ADMIN)
def replay(rule: str) -> Response:
    wanted, (segment, stage) = _rule(rule), _where()
    form = _offer(form_for(wanted)())
    if form.validate_on_submit():
        with form.refusing({}):
            values, days = values_of(form, wanted), int(form.span.data)
            key = ask_replay(db(), wanted, values, segment=segment, stage=stage, days=days)
            return redirect(_replay_address(wanted, key))
    return make_response(_page(wanted, (segment, stage), form), 422)


@blueprint.post("/<rule>/forgetting")
@needs(Permission.ALERT_ADMIN)
def forget(rule: str) -> Response:
    wanted, (segment, stage) = _rule(rule), _where()
    forget_rule(db(), wanted, segment, stage)
    flash(_("Taken back. The wider setting counts from the next night on."), "toast")
    return redirect(_address(wanted, ("", "")))


def _rule(said: str) -> Rule:
    if said not in set(Rule):
        raise NotFound
    return Rule(said)


def _where() -> Where:
    """Segment and stage of the address; anything unknown counts as any."""
    segment, stage = request.args.get("segment", ""), request.args.get("stage", "")
    known = {key for key, _name in stage_choices()}
    return (
        segment if segment in segment_keys(db()) else "",
        stage if stage in known else "",
    )


def _to_see_first(form: RuleForm, rule: Rule, where: Where) -> str:
    """The key of the replay of just these thresholds, where they would switch the rule on and
    nobody has seen yet what they would have raised.
    """
    if not form.on.data or rule_book(db()).setting(rule, *where).on:
        return ""
    segment, stage = where
    values = values_of(form, rule)
    made = make_setting(db(), rule, on=True, values=values, segment=segment, stage=stage)
    shown = find_replay(db(), request.args.get("replay", "")[:40])
    if shown is not None and shown.setting == made:
        return "" if shown.answered_at else shown.key
    days = int(form.span.data)
    return ask_replay(db(), rule, values, segment=segment, stage=stage, days=days)


def _replay_address(rule: Rule, key: str, on: int | None = None) -> str:
    """`on`: so that the switch stands as it was sent, and one more click keeps it."""
    return url_for("alert_rules.show", rule=rule.value, replay=key, on=on, _anchor="replay")


def _address(rule: Rule, where: Where) -> str:
    segment, stage = where
    return url_for(
        "alert_rules.show", rule=rule.value, segment=segment or None, stage=stage or None
    )


def _data(rule: Rule, where: Where, key: str = "") -> dict[str, object]:
    """What stands in the form: of the replay, else of the setting in force. A replay does not
    touch the switch.
    """
    in_force = rule_book(db()).setting(rule, *where)
    if not key:
        return data_of(in_force, USUAL)
    view = show_replay(db(), key)
    on = in_force.on or "on" in request.args
    return {**data_of(view.setting, view.days), "on": on}


def _offer(form: RuleForm) -> RuleForm:
    form.span.choices = choices(
        (str(days), ngettext("%(num)s day", "%(num)s days", days)) for days in SPANS
    )
    return form


def _page(rule: Rule, where: Where, form: RuleForm | None, replay_key: str = "") -> str:
    book, segments = rule_book(db()), segment_rules(db())
    form = _offer(form or form_for(rule)(formdata=None, data=_data(rule, where)))
    return render_template(
        "alert_rules/show.html",
        rule=rule.value,
        name=RULE_NAMES[rule],
        about=ABOUT[rule],
        form=form,
        fields=[one for one in form if one.name not in {"on", "span", "csrf_token"}],
        where={"segment": where[0], "stage": where[1]},
        whom=place_name(segments, *where),
        own=book.exactly(rule, *where) is not None,
        own_settings=own_settings(rule, book, segments),
        segments=segment_choices(segments),
        stages=stage_choices(),
        replay=replay_part(show_replay(db(), replay_key)) if replay_key else None,
        replay_key=replay_key or None,
        asks_to_switch_on=bool(replay_key) and "on" in request.args,
    )
