"""Language and theme of a request: `?locale=` and `?theme=` work without script and are kept in
a cookie; else the person's own, their account's, and what the browser asks for.
"""

from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel, Domain

from portal.locales import OWN_NAMES, babel_locale, best_locale, known_locale
from portal.web.sign_in import current_member
from portal.web.state import state

LOCALE_COOKIE = "paceline_locale"
THEME_COOKIE = "paceline_theme"
THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600


class OnceARequest(Domain):
    """The messages of a request's language are looked up once, and not for each of its hundreds of
    texts; again where the language is another for a while (`force_locale`).
    """

    def get_translations(self) -> Any:
        context = g.get("_flask_babel")
        locale = getattr(context, "babel_locale", None)
        if locale is None:
            return super().get_translations()
        kept = getattr(context, "messages", None)
        if kept is None or kept[0] is not locale:
            kept = context.messages = (locale, super().get_translations())
        return kept[1]


def init_locale(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel = Babel(app, locale_selector=lambda: str(babel_locale(request_locale())))
    babel.domain_instance = OnceARequest()

    def messages() -> Any:
        """Those of the reader's language, for templates: looked up once a request and not for
        each of a page's hundreds of texts.
        """
        found = g.get("messages")
        if found is None:
            found = g.messages = babel.domain_instance.get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # by Jinja's extension
        gettext=lambda text: messages().ugettext(text),
        ngettext=lambda one, more, count: messages().ungettext(one, more, count),
        newstyle=True,
        pgettext=lambda context, text: messages().upgettext(context, text),
        npgettext=lambda context, one, more, count: messages().unpgettext(
            context, one, more, count
        ),
    )
    app.after_request(_keep_choice)


def request_locale() -> str:
    """en, zh-Hans or zh-Hant."""
    kept: str | None = g.get("locale")
    if kept is None:
        kept = g.locale = best_locale(_wishes())
    return kept


def _wishes() -> list[str | None]:
    member = current_member()
    own = [member.locale, member.account_locale] if member else []
    return [
        request.args.get("locale"),
        request.cookies.get(LOCALE_COOKIE),
        *own,
        *request.accept_languages.values(),
    ]


def request_theme() -> str:
    """auto, light or dark."""
    member = current_member()
    for wish in (
        request.args.get("theme"),
        request.cookies.get(THEME_COOKIE),
        member.theme if member else None,
    ):
        if wish in THEMES:
            return str(wish)
    return "auto"


def language_choices() -> list[tuple[str, str]]:
    return list(OWN_NAMES.items())


def _keep_choice(response: Response) -> Response:
    wanted = {
        LOCALE_COOKIE: known_locale(request.args.get("locale")),
        THEME_COOKIE: next((t for t in THEMES if t == request.args.get("theme")), None),
    }
    for name, value in wanted.items():
        if value:
            response.set_cookie(
                name,
                value,
                max_age=A_YEAR,
                samesite="Lax",
                httponly=True,
                secure=state().settings.secure,
            )
    return response
