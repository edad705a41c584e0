"""What findings are called: titles, reasons, marks, ties, states, verdicts. Pure but for the language."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Words = str | Promise
_ = partial(pgettext_lazy, "review")

TITLES: dict[str, Words] = {
    "unexplained": _("Not explained"),
    "bulk": _("%(count)s cases opened"),
    "after_leaving": _("After taking part"),
    "refusals": _("%(count)s refusals"),
    "exception": _("Exception used"),
    "mismatch": _("Reason does not hold"),
}
ICONS = {
    "unexplained": "help-circle",
    "bulk": "notes",
    "after_leaving": "door-enter",
    "refusals": "ban",
    "exception": "alert-triangle",
    "mismatch": "scale",
}
SENTENCES: dict[str, Words] = {
    "no_tie": _(
        "No meeting, action, consent step, contribution of her own or cover explains why it was she who looked."
    ),
    "many_cases": _("Opened %(count)s cases within an hour; on a usual day it is %(usual)s."),
    "saw_after_end": _("Saw the case after the part of her organisation in it had ended."),
    "tried_after_end": _("Tried to open the case more than a week after the part of her organisation had ended."),
    "refused_often": _("Was refused %(count)s times within ten minutes."),
    "exception_used": _("Saw data with an exception. Each use is looked at within 72 hours."),
    "exception_recorded": _("Recorded an exception. Each one is looked at within 72 hours."),
    "involvement_not_found": _(
        "The case was shown, and the register of who takes part does not know her organisation."
    ),
    "consent_not_found": _("The entry says consent, and the register held none at that moment."),
    "exception_not_found": _("The entry says exception, and the register held none at that moment."),
}
MARKS: dict[str, Words] = {
    "outside_hours": _("outside working hours"),
    "repeated": _("not the first time"),
    "exported": _("with an export"),
    "no_tie": _("nothing else explains it"),
}
TIES: dict[str, Words] = {
    "meeting": _("a meeting"),
    "action": _("an action"),
    "consent_step": _("a consent step"),
    "own_part": _("a contribution of her own"),
    "lead": _("leads the case"),
    "cover": _("registered cover"),
}
STATES: dict[str, Words] = {
    "open": _("to be judged"),
    "asked": _("asked"),
    "unanswered": _("not answered for 14 days"),
    "answered": _("answered"),
    "judged": _("judged"),
    "settled": _("explained by what was recorded later"),
}
VERDICTS: dict[str, Words] = {
    "explained": _("Explained"),
    "not_explained": _("Not explained"),
    "reported": _("Reported"),
}


def title(kind: str, count: int = 0) -> str:
    """Return the short name of what was found."""
    return str(TITLES[kind]) % {"count": count}


def sentence(reason: str, count: int = 0, usual: int = 0) -> str:
    """Return a finding's reason as a sentence; a reason without words is told by its code."""
    return str(SENTENCES[reason]) % {"count": count, "usual": usual} if reason in SENTENCES else reason
