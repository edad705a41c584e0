"""What pages and exports read: each function rules, logs durably, and only then returns.

What a form needs and may never show comes as `Unshown`, and is logged when it is shown.
All raise LogUnavailable: then nothing is shown. None means: not yours, or not there.
"""

from agenda.pages.asked import code_names
from agenda.pages.case import CaseCard, CaseView, RegisterLine, SubjectView, case_read, case_view, cases
from agenda.pages.decisions import Preview, decision_list, export_preview
from agenda.pages.desk import (
    Desk,
    Invitations,
    Management,
    OwnSubject,
    chairs,
    desk,
    invitations,
    management,
    manages,
    parties_to_involve,
    people_to_invite,
)
from agenda.pages.reading import Unshown
from agenda.pages.register import (
    Choice,
    Event,
    ExceptionView,
    RegisterView,
    Victim,
    register_read,
    register_view,
    victims,
)
from agenda.pages.today import Attention, Meeting, OwnAction, Today, today

__all__ = [
    "Attention",
    "CaseCard",
    "CaseView",
    "Choice",
    "Desk",
    "Event",
    "ExceptionView",
    "Invitations",
    "Management",
    "Meeting",
    "OwnAction",
    "OwnSubject",
    "Preview",
    "RegisterLine",
    "RegisterView",
    "SubjectView",
    "Today",
    "Unshown",
    "Victim",
    "case_read",
    "case_view",
    "cases",
    "chairs",
    "code_names",
    "decision_list",
    "desk",
    "export_preview",
    "invitations",
    "management",
    "manages",
    "parties_to_involve",
    "people_to_invite",
    "register_read",
    "register_view",
    "today",
    "victims",
]
