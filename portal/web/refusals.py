"""What a reader is told when a service refuses: services speak English, the door translates."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.domain.errors import DomainError, Invalid

View = TypeVar("View", bound=Callable[..., Any])

# By a refusal's code. English readers get the service's own sentence, which may say more.
SENTENCES = {
    "two-accounts": _l("They are of two accounts: link both to a shared request."),
    "other-kind": _l("They are of two kinds: change one first."),
    "same": _l("A request cannot be merged with itself."),
    "in-family": _l("It belongs to a shared request already."),
    "hidden-target": _l("Some could no longer read it: merge the private one into the other."),
    "undone": _l("It has been undone already."),
    "bad-rule": _l("This is no event name. Write it as report.shared or report.*"),
    "conflict": _l("Somebody else has changed this in the meantime. Load the page again."),
    "draft-exists": _l("A draft for this account and period stands already."),
    "edition-used": _l("Accounts have this edition. Give them another first."),
    "forbidden": _l("Your role does not allow this."),
    "frozen": _l("This version is published and never changes. Begin a new version."),
    "invalid": _l("Something in this request does not fit. Go back and check it."),
    "invalid-request": _l("The request could not be read."),
    "image-too-large": _l("The image is larger than 8 MB. Make it smaller."),
    "image-too-many-pixels": _l("The image has too many pixels. Make it smaller."),
    "file-empty": _l("The file is empty."),
    "file-gone": _l("A file is no longer there. Choose it again."),
    "file-harmful": _l("The virus scanner holds this file for harmful."),
    "file-macros": _l("Files with macros are not taken."),
    "file-refused": _l(
        "Files of this kind are not taken. Send pictures, PDF, text, CSV, Word, Excel or slides."
    ),
    "file-too-large": _l("The file is larger than 10 MB."),
    "no-file": _l("Choose a file."),
    "too-many-files": _l("Those are too many files. Attach at most 10."),
    "no-image": _l("This is no image that can be read. Use PNG, JPEG, WebP or GIF."),
    "invitation-settled": _l("This invitation is settled already."),
    "job-waits-already": _l("The same work waits in the queue already. Discard this one instead."),
    "attempt-closed": _l("This attempt is handed in already."),
    "attempt-in-review": _l("Your last attempt is still being read."),
    "no-attempts-left": _l("No attempt is left."),
    "passed-already": _l("You have passed this quiz."),
    "bad-person": _l("Choose somebody of the list."),
    "bad-people": _l("Choose somebody, or a team in which somebody can sign in."),
    "bad-due_on": _l("Choose a day from today on, at most two years ahead."),
    "bad-course": _l("Choose a course of the list."),
    "undecided": _l("Decide on every answer."),
    "decided-already": _l("Somebody else has decided this meanwhile."),
    "edited-meanwhile": _l("Somebody else has changed this in the meantime. Load the page again."),
    "session-begun": _l("The session has begun."),
    "guest-came": _l("Who came stays on the list."),
    "no-guests": _l("Invite somebody."),
    "no-reason": _l("Say why."),
    "session-cancelled": _l("The session is cancelled."),
    "doors-closed": _l("One can sign in while the session runs."),
    "preview-only": _l("Only people of a customer take courses; you see them as a preview."),
    "quiz-changed": _l(
        "The quiz was changed while you took it. Begin again: this attempt does not count."
    ),
    "withdrawn-already": _l("This certificate was withdrawn already."),
    "bad-bands": _l("Yellow begins above 0 and below green, green at 100 at most."),
    "bad-weight": _l("A weight is a whole number from 0 to 100."),
    "no-feature": _l("Choose a feature."),
    "no-draft": _l("This draft was put in force or discarded already."),
    "no-override": _l("No override is in force here any more."),
    "no-segment": _l("There is no such segment."),
    "needs-publisher": _l(
        "The course is published: order, quiz and rules take effect at once, so those who publish"
        " change them."
    ),
    "no-weight": _l("At least one component needs a weight."),
    "not-found": _l("There is nothing at this address."),
    "oneself": _l("This is you. Ask another administrator to change it."),
    "segment-has-rules": _l(
        "Alert rules are set for this segment. Take those settings back first."
    ),
    "segment-has-weights": _l(
        "The health model has weights or bands for this segment. Take them out first."
    ),
    "too-many-conditions": _l(
        "There are as many rules with a condition as there may be. Take one away first."
    ),
    "wrong-stage": _l("The text is no longer at the stage for this. Load the page again."),
    "overtaken": _l("The published text has changed since this draft was begun. Compare both."),
    "slug-taken": _l("Another text has this address. Choose another."),
    "not-ready": _l("The text is not ready to be published."),
    "too-large": _l("That is more than can be taken at once."),
    "too-many-requests": _l("Too many attempts. Wait a little, then try again."),
    "unauthorized": _l("Sign in to see this."),
    "unknown-feature": _l("Choose features of the catalogue."),
    "unknown-page": _l("This is no page of the audit log."),
}
UNFORESEEN = _l("This cannot be done as it stands. Go back and check it.")


class Explained(Invalid):
    """A refusal of the door itself: its message is in the reader's language already."""


def sentence(failure: DomainError) -> str:
    """The refusal in the reader's language."""
    if str(get_locale()) == "en" or isinstance(failure, Explained):
        return failure.message
    return str(SENTENCES.get(failure.code, UNFORESEEN))


def turn_back(failure: DomainError, url: str) -> Response:
    """Back to a page that says why in a banner; a fragment gets the refusal itself."""
    if "HX-Request" in request.headers:
        raise failure
    flash(sentence(failure), "watch")
    return redirect(url)


def turning_back(endpoint: str, *kinds: type[DomainError]) -> Callable[[View], View]:
    """What a view refuses leads back to the endpoint of the same parameters, by `turn_back`."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**parameters: Any) -> Any:
            try:
                return view(**parameters)
            except kinds as failure:
                return turn_back(failure, url_for(endpoint, **parameters))

        return guarded  # type: ignore[return-value] # it has the view's own parameters

    return mark
