"""What pages and exports read: each function rules, logs durably, and only then returns.

What a form needs and may never show comes as `Unshown`, and is logged when it is shown.
All raise LogUnavailable: then nothing is shown. None means: not yours, or not there.
"""

from agenda.pages.asked import code_names
from agenda.pages.case import CaseCard, CaseView, RegisterLine, SubjectView, case_read, case_view, cases
from agenda.pages.comensha import (
    ComenshaForm,
    ComenshaView,
    comensha_for_police,
    comensha_form,
    comensha_of,
)
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
from agenda.pages.purposes import Elsewhere, elsewhere
from agenda.pages.reading import Unshown
from agenda.pages.reflection import ReflectionView, reflection_read
from agenda.pages.register import (
    Carried,
    Choice,
    Event,
    EvidenceView,
    ExceptionView,
    RegisterView,
    SharedView,
    TalkView,
    Victim,
    evidence,
    register_read,
    register_view,
    shared_read,
    victims,
)
from agenda.pages.register_file import consent_file
from agenda.pages.reminders import Attention, reminded
from agenda.pages.today import Meeting, OwnAction, Today, today

__all__ = [
    "Attention",
    "Carried",
    "CaseCard",
    "CaseView",
    "Choice",
    "ComenshaForm",
    "ComenshaView",
    "Desk",
    "Elsewhere",
    "Event",
    "EvidenceView",
    "ExceptionView",
    "Invitations",
    "Management",
    "Meeting",
    "OwnAction",
    "OwnSubject",
    "Preview",
    "ReflectionView",
    "RegisterLine",
    "RegisterView",
    "SharedView",
    "SubjectView",
    "TalkView",
    "Today",
    "Unshown",
    "Victim",
    "case_read",
    "case_view",
    "cases",
    "chairs",
    "code_names",
    "comensha_for_police",
    "comensha_form",
    "comensha_of",
    "consent_file",
    "decision_list",
    "desk",
    "elsewhere",
    "evidence",
    "export_preview",
    "invitations",
    "management",
    "manages",
    "parties_to_involve",
    "people_to_invite",
    "reflection_read",
    "register_read",
    "register_view",
    "reminded",
    "shared_read",
    "today",
    "victims",
]
