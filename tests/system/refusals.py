"""Who must be refused where, and how: one row for every address and every command of the product."""

from dataclasses import dataclass, field
from typing import Any

NOBODY = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One URL. `refused`: people to whom it does not exist; `may`: one for whom it does (GET only).

    `form`: it takes POST only. `open_to_all`: what a stranger gets there, for there is nothing of anybody.
    """

    path: str
    refused: tuple[str, ...] = ()
    may: str | None = None
    form: bool = False
    open_to_all: int | None = None
    fields: dict[str, str] = field(default_factory=dict)


def page(path: str, may: str | None, *refused: str) -> Address:
    return Address(path=path, may=may, refused=refused)


def form(path: str, *refused: str, **fields: str) -> Address:
    return Address(path=path, refused=refused, form=True, fields=fields)


def everybodys(path: str, status: int, *, form: bool = False) -> Address:
    return Address(path=path, open_to_all=status, form=form)


CASE, ROOM, CONSENT = "/cases/{c1}/", "/conferences/{o1}/", "/cases/{c1}/consent/{s1}/"
OUTSIDE = ("fg", "beh", "oov")  # supervision, administration, a party that takes no part in the case
LINE = {"party": "kwintes", "category": "gez"}

ADDRESSES: dict[str, Address] = {
    "set_language": everybodys("/language/", 302, form=True),
    "theme": everybodys("/theme/", 302, form=True),
    "away": everybodys("/notes/", 200),
    "login": everybodys("/login/", 200),
    "login_code": everybodys("/login/code/", 302),
    "logout": everybodys("/logout/", 302, form=True),
    "invite": everybodys("/invite/never-made/", 404),
    "enrol": everybodys("/enrol/", 404),
    "enrol_app": everybodys("/enrol/app/", 404),
    "enrol_codes": everybodys("/enrol/codes/", 404),
    "api_description": everybodys("/api/v1/openapi.json", 200),
    "today": page("/", "pol"),
    "covenant": page("/covenant/", "pol"),
    "me": page("/me/", "pol"),
    "me_password": page("/me/password/", "pol"),
    "me_codes": form("/me/codes/"),
    "me_end_session": form("/me/sessions/{nobody}/end/", "pol"),
    "log": page("/log/", "fg", "pol", "vz", "beh"),
    "review": page("/log/review/", "fg", "pol", "vz", "beh"),
    "review_refresh": form("/log/review/refresh/", "pol", "vz", "beh"),
    "review_finding": page("/log/review/{nobody}/", None, "pol", "vz", "beh"),
    "review_ask": form("/log/review/{nobody}/ask/", "pol", "vz", "beh"),
    "overview_choose": page("/log/overview/", "fg", "pol", "vz", "beh"),
    "overview": page("/log/overview/{s1}/", "fg", "pol", "zc", "vz", "beh"),
    "overview_statement": page("/log/overview/{s1}/statement.pdf", "fg", "pol", "zc", "vz", "beh"),
    "overview_act": form("/log/overview/{s1}/act/", "pol", "vz", "beh"),
    "log_exports": page("/log/exports/", "fg", "pol", "vz", "beh"),
    "log_export_file": page("/log/exports/file", None, "pol", "vz", "beh"),
    "log_export_year": page("/log/exports/year", None, "pol", "vz", "beh"),
    "sample": page("/log/sample/", "fg", "pol", "vz", "beh"),
    "sample_draw": form("/log/sample/draw/", "pol", "vz", "beh"),
    "sample_judge": form("/log/sample/{nobody}/", "pol", "vz", "beh"),
    "questions": page("/questions/", "pol"),
    "question_answer": form("/questions/{nobody}/", "pol", "vz", "fg", "beh"),
    "me_cover": page("/me/cover/", "pol", "fg", "beh"),
    "me_cover_end": form("/me/cover/{nobody}/end/", "pol", "fg", "beh"),
    "person_cover": page("/people/{pol}/cover/", "beh", "pol", "vz", "fg"),
    "person_cover_end": form("/people/{pol}/cover/{nobody}/end/", "pol", "vz", "fg"),
    "people": page("/people/", "beh", "pol", "vz", "fg"),
    "new_person": page("/people/new/", "beh", "pol", "vz", "fg"),
    "person": page("/people/{pol}/", "beh", "pol", "vz", "fg"),
    "person_act": form("/people/{pol}/end-sessions/", "pol", "vz", "fg"),
    "cases": page("/cases/", "pol", "fg", "beh"),
    "case": page(CASE, "pol", *OUTSIDE),
    "item_prepare": form(f"{CASE}items/", *OUTSIDE),
    "item_act": form(f"{CASE}items/{{i-draft}}/release/", "kw", *OUTSIDE),
    "consent_list": page("/consent/", "zc", "pol", "vz", "fg", "beh"),
    "case_consent_withdraw": form(f"{CASE}consent/withdraw/", "pol", "kw", *OUTSIDE, **LINE),
    "consent": page(CONSENT, "zc", "pol", "vz", *OUTSIDE),
    "consent_withdraw": form(f"{CONSENT}withdraw/", "pol", "vz", *OUTSIDE, **LINE),
    "consent_limit": form(f"{CONSENT}limit/", "pol", "vz", *OUTSIDE, ends="01-12-2026", **LINE),
    "consent_start": page("/consent/new/", "zc", "pol", "vz", "fg", "beh"),
    "consent_back": page("/consent/withdraw/", "zc", "pol", "vz", "fg", "beh"),
    "consent_invalid": form(f"{CONSENT}invalid/", "pol", "vz", *OUTSIDE, because="druk", **LINE),
    "consent_shared": page(f"{CONSENT}shared/", "zc", "pol", "vz", *OUTSIDE),
    "consent_evidence": form(f"{CONSENT}evidence/", "pol", "vz", *OUTSIDE),
    "consent_document": page(f"{CONSENT}evidence/{{nobody}}/", None, "pol", "vz", *OUTSIDE),
    "consent_reminders": page("/consent/reminders/", "zc", "pol", "vz", "fg", "beh"),
    "consent_reflection": page("/cases/{c2}/consent/{t1}/reflection/", "zc", "pol", "vz", *OUTSIDE),
    "consent_comensha": page(f"{CONSENT}comensha/", "zc", "kw", "vz", *OUTSIDE),
    "consent_comensha_form": page(f"{CONSENT}comensha/registration.pdf", None, "kw", "vz", *OUTSIDE),
    "consent_task": form(f"{CASE}consent/tasks/{{nobody}}/", "pol", "vz", *OUTSIDE, told_on="23-11-2026", how="x"),
    "consent_record": page(f"{CONSENT}record.jsonld", "zc", "pol", "vz", *OUTSIDE),
    "consent_receipt": page(f"{CONSENT}receipt.jsonld", "zc", "pol", "vz", *OUTSIDE),
    "consent_summary": page(f"{CONSENT}summary.pdf", "zc", "pol", "vz", *OUTSIDE),
    "notices": page("/consent/notices/", "zc", "pol", "vz", "fg", "beh"),
    "notice_pdf": page("/consent/notices/bg/notice.pdf", "zc", "pol", "vz", "fg", "beh"),
    "notice_sample": page("/consent/notices/ar/sample.pdf", "zc", "pol", "vz", "fg", "beh"),
    "notice_review": form("/consent/notices/bg/review/", "pol", "vz", "fg", "beh"),
    "room": page(ROOM, "pol", "fg", "beh"),
    "decision_list": page(f"{ROOM}decision-list", "pol", "fg", "beh"),
    "api_today": page("/api/v1/today", "pol", "fg", "beh"),
    "api_case": page("/api/v1/cases/{c1}", "pol", *OUTSIDE),
    "api_standing": page("/api/v1/conferences/{o1}/standing", "pol", "fg", "beh"),
    "api_decision_list": page("/api/v1/conferences/{o1}/decision-list", "pol", "fg", "beh"),
    # What the process party prepares and keeps.
    "case_new": page("/cases/new/", "vz", "kw", "fg", "beh"),
    "case_manage": page(f"{CASE}manage/", "vz", *OUTSIDE),
    "case_subject": form(f"{CASE}manage/subject/", *OUTSIDE),
    "case_correction": form(f"{CASE}manage/subject/{{s1}}/", *OUTSIDE),
    "case_involve": form(f"{CASE}manage/involve/", "kw", *OUTSIDE),
    "case_end": form(f"{CASE}manage/end/", "kw", *OUTSIDE),
    "case_phase": form(f"{CASE}manage/phase/", "kw", *OUTSIDE),
    "case_exception": form(f"{CASE}manage/exception/", "kw", *OUTSIDE),
    "conference_new": page("/conferences/new/", "vz", "pol", "fg", "beh"),
    "conference_people": page(f"{ROOM}people/", "vz", "pol", "fg", "beh"),
}


@dataclass(frozen=True, kw_only=True)
class Command:
    """One refusal: who tries what, and the code of the nack; `{name}` is an id of the world."""

    who: str
    code: str
    arguments: dict[str, Any]


def tried(who: str, code: str, **arguments: Any) -> Command:
    return Command(who=who, code=code, arguments=arguments)


POINT, FOREIGN = "{a1}", "{a3}"
SAID = {"text": "dit mag niet"}
DOOR = {"case": "{c1}", "person": "{kw}"}

COMMANDS: dict[str, tuple[Command, ...]] = {
    "agenda_item.add": (tried("pol", "role_party", case=None, title="x", minutes=5),
                        tried("vz", "not_found", case="{nobody}", title="x", minutes=5)),
    "agenda_item.move": (tried("pol", "role_party", key="agenda_item:{a1}", after=None),),
    "agenda_item.start": (tried("kw", "role_party", key="agenda_item:{a1}"),
                          tried("vz", "not_found", key="agenda_item:{nobody}")),
    "agenda_item.close": (tried("zc", "role_party", key="agenda_item:{a1}"),),
    "minutes.write": (tried("kw", "not_found", agenda_item=FOREIGN, **SAID),
                      tried("kw", "not_found", agenda_item="{nobody}", **SAID)),
    "decision.propose": (tried("pol", "role_party", agenda_item=POINT, **SAID),),
    "decision.adopt": (tried("pol", "role_party", key="decision:{d2}"),),
    "decision.dissent": (tried("kw", "not_found", key="decision:{d2}", reason="nee"),
                         tried("kw", "not_found", key="decision:{nobody}", reason="nee")),
    "action.add": (tried("pol", "role_party", agenda_item=POINT, owner="politie", due="2026-12-01", **SAID),),
    "action.done": (tried("kw", "not_found", key="action:{x2}"),
                    tried("kw", "not_found", key="action:{nobody}")),
    "item.prepare": (tried("kw", "not_found", case="{c3}", category="hlp", kind="feit", basis="x", **SAID),
                     tried("kw", "not_found", case="{nobody}", category="hlp", kind="feit", basis="x", **SAID)),
    "item.release": (tried("kw", "not_found", key="item:{i-draft}"), tried("kw", "not_found", key="item:{nobody}")),
    "item.withdraw": (tried("kw", "not_found", key="item:{i-pol}"), tried("kw", "not_found", key="item:{nobody}")),
    "consent.withdraw": (tried("pol", "role_party", case="{c1}", subject="{s1}", **LINE),
                         tried("zc", "not_found", case="{c3}", subject="{s1}", **LINE),
                         tried("zc", "not_found", case="{nobody}", subject="{s1}", **LINE)),
    "door.send_out": (tried("pol", "role_party", **DOOR),),
    "door.admit": (tried("kw", "role_party", **DOOR),),
}  # fmt: skip


def filled(value: Any, ids: dict[str, dict[str, str]]) -> Any:
    """Put the world's ids in the places of their names."""
    known = {name: found for kind in ids.values() for name, found in kind.items()} | {"nobody": NOBODY}
    if isinstance(value, str):
        return value.format(**known)
    return {key: filled(one, ids) for key, one in value.items()} if isinstance(value, dict) else value


def elsewhere(path: str) -> str:
    """The same path with ids that do not exist; without ids, a neighbour that is not there."""
    if "{" not in path:
        return path.rstrip("/").rpartition("/")[0] + "/nothing/"
    parts = path.split("{")
    return parts[0] + "".join(NOBODY + part.partition("}")[2] for part in parts[1:])
