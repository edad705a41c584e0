"""What a page says when a command on a case was refused: the fact, then the next step."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

_TEXTS: dict[str, str | Promise] = {
    "not_a_draft": lazy("This was released or withdrawn already. Nothing changed."),
    "already_withdrawn": lazy("This was withdrawn already. Nothing changed."),
    "nothing_to_withdraw": lazy("There is no consent on this line any more. Nothing changed."),
    "cannot_supply": lazy("Your organisation may not bring in this kind here. Choose another kind."),
    "track_forbids": lazy("This kind is not part of this track. Choose another kind."),
    "covenant_inactive": lazy("No covenant is in force now. Nothing can be shared until there is one."),
    "empty_text": lazy("Write what you want to share."),
    "unknown_subject": lazy("This person is not part of the case any more. Choose another one."),
    "suspect_is_never_asked": lazy("A suspect is never asked for consent."),
    "state_not_allowed": lazy("This line changed meanwhile. Look at what holds now and choose again."),
    "ends_before_start": lazy("Choose a last day that is still to come."),
    "limit_is_longer": lazy("An earlier end must lie before the present one."),
    "not_for_consent": lazy("For this the covenant asks no consent."),
    "conflict": lazy("Somebody else changed this meanwhile. Look at what stands here now."),
}


def refusal_text(code: str) -> str:
    """Return the sentence for a refusal's code."""
    return str(_TEXTS.get(code) or _("This could not be done. Nothing was saved."))
