"""What the log's acts, reasons and objects are called. Pure but for the language.

Per act: the sentence, and what somebody wanted who was refused ("wanted to ...").
"""

from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Words = str | Promise

CONTEXT = "log"  # the log's words are its own: "covenant" alone can read otherwise elsewhere
_ = partial(pgettext_lazy, CONTEXT)


@dataclass(frozen=True, slots=True)
class Deed:
    """`told`: a sentence with %(who)s; `wish`: the same as an infinitive. `icon`: of the page."""

    told: Words
    wish: Words
    icon: str


def _deed(icon: str, told: Words, wish: Words) -> Deed:
    return Deed(told, wish, icon)


# Acts by which content reaches people's eyes: told by who saw what.
VIEWS = frozenset(
    {
        "today.viewed",
        "case.listed",
        "case.viewed",
        "conference.viewed",
        "conference.pushed",
        "item.viewed",
        "subject.viewed",
    }
)

DEEDS: dict[str, Deed] = {
    "login.password_accepted": _deed("key", _("%(who)s gave the right password."), _("give the password")),
    "login.succeeded": _deed("key", _("%(who)s logged in with password and code."), _("log in")),
    "login.refused": _deed("key", _("%(who)s tried to log in."), _("log in")),
    "login.ended": _deed("logout", _("%(who)s logged out."), _("log out")),
    "factor.renewed": _deed("key", _("%(who)s gave a new code."), _("give a new code")),
    "factor.refused": _deed("key", _("%(who)s gave a code."), _("give a code")),
    "enrolment.refused": _deed("key", _("%(who)s used an invitation."), _("use an invitation")),
    "session.ended": _deed("logout", _("%(who)s ended a login."), _("end a login")),
    "socket.cut": _deed("wifi-off", _("%(who)s was cut off from the room."), _("stay in the room")),
    "conference.joined": _deed("door-enter", _("%(who)s came into the room."), _("come into the room")),
    "conference.entered": _deed("door-enter", _("%(who)s came into the room."), _("come into the room")),
    "conference.opened": _deed("calendar-event", _("%(who)s planned a conference."), _("plan a conference")),
    "conference.invited": _deed("user-plus", _("%(who)s invited people to a conference."), _("choose who is invited")),
    "conference.uninvited": _deed("user", _("%(who)s took people out of a conference."), _("choose who is invited")),
    "door.admitted": _deed("door-enter", _("%(who)s let somebody in."), _("let somebody in")),
    "door.sent_out": _deed("door-enter", _("%(who)s sent somebody out."), _("send somebody out")),
    "case.opened": _deed("file-text", _("%(who)s opened a case."), _("open a case")),
    "case.changed": _deed("file-text", _("%(who)s changed a case."), _("change a case")),
    "case.phase_changed": _deed("file-text", _("%(who)s moved a case to another phase."), _("move a case on")),
    "case.destroyed": _deed("trash", _("%(who)s destroyed a case."), _("destroy a case")),
    "subject.registered": _deed("user-plus", _("%(who)s registered a subject."), _("register a subject")),
    "subject.corrected": _deed("pencil", _("%(who)s put a subject's data right."), _("put a subject's data right")),
    "party.involved": _deed("users", _("%(who)s let an organisation take part in a case."), _("involve somebody")),
    "party.ended": _deed("users", _("%(who)s ended an organisation's part in a case."), _("end somebody's part")),
    "item.prepared": _deed("pencil", _("%(who)s prepared an item."), _("prepare an item")),
    "item.released": _deed("send", _("%(who)s released an item."), _("release an item")),
    "item.withdrawn": _deed("arrow-back-up", _("%(who)s withdrew an item."), _("withdraw an item")),
    "minutes.written": _deed("notes", _("%(who)s wrote a minutes block."), _("write a minutes block")),
    "decision.proposed": _deed("gavel", _("%(who)s proposed a decision."), _("propose a decision")),
    "decision.adopted": _deed("gavel", _("%(who)s adopted a decision."), _("adopt a decision")),
    "decision.dissented": _deed("hand-stop", _("%(who)s objected to a decision."), _("object to a decision")),
    "action.added": _deed("clipboard-list", _("%(who)s recorded an action."), _("record an action")),
    "action.done": _deed("clipboard-check", _("%(who)s finished an action."), _("finish an action")),
    "agenda_item.added": _deed("list-check", _("%(who)s added an agenda item."), _("add an agenda item")),
    "agenda_item.moved": _deed("list-check", _("%(who)s moved an agenda item."), _("move an agenda item")),
    "agenda_item.started": _deed("list-check", _("%(who)s started an agenda item."), _("start an agenda item")),
    "agenda_item.closed": _deed("list-check", _("%(who)s closed an agenda item."), _("close an agenda item")),
    "consent.asked": _deed("message-question", _("%(who)s recorded that consent was asked."), _("record consent")),
    "consent.deferred": _deed("clock", _("%(who)s recorded that consent was put off."), _("record consent")),
    "consent.given": _deed("circle-check", _("%(who)s recorded consent."), _("record consent")),
    "consent.confirmed": _deed("checks", _("%(who)s confirmed consent."), _("confirm consent")),
    "consent.limited": _deed("circle-half", _("%(who)s limited consent."), _("limit consent")),
    "consent.refused": _deed("circle-x", _("%(who)s recorded that consent was refused."), _("record consent")),
    "consent.withdrawn": _deed("arrow-back-up", _("%(who)s withdrew consent."), _("withdraw consent")),
    "consent.expired": _deed("calendar-x", _("Consent expired."), _("end consent")),
    "consent.invalidated": _deed("circle-x", _("%(who)s declared consent invalid."), _("declare consent invalid")),
    "consent.loaded": _deed("circle-check", _("%(who)s loaded a consent line."), _("load a consent line")),
    "register.listed": _deed("eye", _("%(who)s saw whose consent is kept."), _("see whose consent is kept")),
    "register.viewed": _deed("eye", _("%(who)s opened a consent register."), _("open a consent register")),
    "exception.recorded": _deed("alert-triangle", _("%(who)s recorded an exception."), _("record an exception")),
    "exception.ended": _deed("alert-triangle", _("%(who)s ended an exception."), _("end an exception")),
    "export.made": _deed("file-export", _("%(who)s took an export."), _("take an export")),
    "export.previewed": _deed("file-export", _("%(who)s looked at an export first."), _("look at an export")),
    "search.made": _deed("search", _("%(who)s searched."), _("search")),
    "log.read": _deed("eye", _("%(who)s read the log."), _("read the log")),
    "covenant.adopted": _deed("scale", _("%(who)s adopted a covenant."), _("adopt a covenant")),
    "log.cosigned": _deed("shield-check", _("%(who)s had the log cosigned."), _("have the log cosigned")),
    "covenant.viewed": _deed("scale", _("%(who)s read the covenant."), _("read the covenant")),
    "command.refused": _deed("circle-x", _("%(who)s sent an unknown command."), _("send an unknown command")),
    "person.managed": _deed("user", _("%(who)s opened the accounts."), _("open the accounts")),
    "person.created": _deed("user-plus", _("%(who)s made the account of %(person)s."), _("make an account")),
    "person.invited": _deed("user-plus", _("%(who)s invited %(person)s."), _("invite somebody")),
    "person.enrolled": _deed("user-check", _("%(who)s finished enrolment."), _("enrol")),
    "person.changed": _deed("user", _("%(who)s changed the account of %(person)s."), _("change an account")),
    "person.disabled": _deed("user", _("%(who)s disabled the account of %(person)s."), _("disable an account")),
    "person.enabled": _deed("user-check", _("%(who)s enabled the account of %(person)s."), _("enable an account")),
    "person.factor_reset": _deed("key", _("%(who)s reset the second factor of %(person)s."), _("reset a factor")),
    "person.sessions_ended": _deed("logout", _("%(who)s ended all logins of %(person)s."), _("end logins")),
    "person.password_changed": _deed("key", _("%(who)s changed the password."), _("change the password")),
    "person.password_refused": _deed("key", _("%(who)s gave a password."), _("change the password")),
    "person.codes_kept": _deed("key", _("%(who)s kept the recovery codes."), _("keep the recovery codes")),
    "person.codes_renewed": _deed("key", _("%(who)s made new recovery codes."), _("make recovery codes")),
    "cover.registered": _deed("users", _("%(who)s registered cover for %(person)s."), _("register cover")),
    "cover.ended": _deed("users", _("%(who)s ended the cover for %(person)s."), _("end cover")),
    "finding.made": _deed("help-circle", _("%(who)s put %(person)s up for review."), _("put up for review")),
    "finding.settled": _deed("circle-check", _("%(who)s found %(person)s explained."), _("settle a finding")),
    "review.listed": _deed("eye", _("%(who)s looked at what is up for review."), _("look at what is up for review")),
    "review.viewed": _deed("eye", _("%(who)s looked at a finding about %(person)s."), _("look at a finding")),
    "review.asked": _deed("message-question", _("%(who)s asked %(person)s why she looked."), _("ask why")),
    "review.answered": _deed("message-2", _("%(who)s said why she looked."), _("say why she looked")),
    "review.judged": _deed("gavel", _("%(who)s judged a finding about %(person)s."), _("judge a finding")),
    "sample.viewed": _deed("eye", _("%(who)s looked at a sample of the log."), _("look at a sample")),
    "sample.drawn": _deed("number-123", _("%(who)s drew a sample of the log."), _("draw a sample")),
    "sample.judged": _deed("gavel", _("%(who)s judged an entry of a sample."), _("judge an entry of a sample")),
    "question.viewed": _deed("message-question", _("%(who)s read a question of oversight."), _("read a question")),
}

# One, and several with %(count)s; in the order in which a sentence names them.
THINGS: dict[str, tuple[Words, Words]] = {
    "case": (_("a case"), _("%(count)s cases")),
    "agenda_item": (_("an agenda item"), _("%(count)s agenda items")),
    "subject": (_("who a subject is"), _("who %(count)s subjects are")),
    "item": (_("an item"), _("%(count)s items")),
    "minutes": (_("a minutes block"), _("%(count)s minutes blocks")),
    "decision": (_("a decision"), _("%(count)s decisions")),
    "action": (_("an action"), _("%(count)s actions")),
    "consent": (_("a consent line"), _("%(count)s consent lines")),
}
NEW_THINGS: dict[str, Words] = {
    "item": _("a new item"),
    "minutes": _("a new minutes block"),
    "decision": _("a new decision"),
    "action": _("a new action"),
}

NOBODY: dict[str, Words] = {
    "http": _("Somebody"),
    "socket": _("Somebody"),
    "cli": _("The operator"),
    "seed": _("The loaded file"),
    "system": _("The system"),
}

REASONS: dict[str, Words] = {
    "covenant": _("covenant"),
    "consent": _("consent"),
    "exception": _("exception"),
    "own_contribution": _("own contribution"),
    "general_point": _("general point"),
    "involved": _("%(party)s is involved in this case"),
    "consent_register": _("keeps the register"),
    "track_lowers": _("this track shows no names"),
    "second_factor_missing": _("the second factor was missing"),
    "role_excluded": _("this role does not see cases"),
    "covenant_inactive": _("no covenant is active"),
    "not_involved": _("%(party)s is not involved in this case"),
    "case_shielded": _("the case is shielded"),
    "guest_no_account": _("%(party)s has no account"),
    "case_unreadable": _("the case cannot be opened now"),
    "party_condition": _("the covenant sets a condition for %(party)s"),
    "track_forbids": _("this track does not allow it"),
    "item_draft": _("it is a draft"),
    "item_withdrawn": _("it was withdrawn"),
    "condition_excludes": _("its supplier excludes %(party)s"),
    "not_in_covenant": _("the covenant does not give this to %(party)s"),
    "own_only": _("the covenant gives %(party)s only what is its own"),
    "consent_missing": _("only with consent; there is none now"),
    "not_admitted": _("not admitted to this conference"),
    "not_allowed": _("this role may not do that"),
    "role_party": _("this role belongs to the process party"),
    "not_found": _("it does not exist for %(party)s"),
    "cannot_supply": _("%(party)s may not supply this"),
    "owner_cannot_see": _("the owner would not see it"),
    "conflict": _("somebody else was first"),
    "already_open": _("it was open already"),
    "already_adopted": _("it was adopted already"),
    "already_dissented": _("%(party)s had objected already"),
    "already_done": _("it was done already"),
    "already_withdrawn": _("it was withdrawn already"),
    "not_a_draft": _("it was no draft"),
    "not_open": _("it was not open"),
    "unknown_subject": _("it named somebody who is not in this case"),
    "about_category": _("it repeats an item of another category"),
    "nothing_to_withdraw": _("there was no consent"),
    "purpose_missing": _("it had no purpose"),
    "already_involved": _("it takes part already"),
    "not_taking_part": _("it does not take part"),
    "triage_is_for_members": _("only responsible organisations weigh a case"),
    "process_party_stays": _("the process team takes part in every case"),
    "no_such_step": _("this phase does not follow"),
    "same_phase": _("it was in this phase already"),
    "protection_not_asked": _("nobody asked whether the address is secret"),
    "exception_does_not_fit": _("the ground does not fit"),
    "unknown_decider": _("who decided does not work on this case"),
    "reason_missing": _("it had no reason"),
    "unknown_person": _("somebody in it cannot be invited"),
    "chair_stays": _("the chair stays"),
    "chair_cannot_lead": _("the chair cannot lead"),
    "sent_twice": _("it was sent twice"),
    "unknown_command": _("this command does not exist"),
    "wrong_credentials": _("name or password was wrong"),
    "wrong_password": _("the password was wrong"),
    "code_wrong": _("the code was wrong"),
    "code_used": _("the code was used before"),
    "too_many_tries": _("too many tries"),
    "screening_expired": _("the screening has expired"),
    "screening_missing": _("the screening is missing"),
    "training_missing": _("the training is missing"),
    "secrecy_missing": _("the secrecy declaration is missing"),
    "person_disabled": _("the account is disabled"),
    "factor_stale": _("the code was too old"),
    "malformed": _("it could not be read"),
    "too_fast": _("too much came at once"),
    "no_hello": _("nothing was said"),
    "no_tie": _("nothing explains it"),
    "many_cases": _("many cases within an hour"),
    "refused_often": _("refused many times within ten minutes"),
    "saw_after_end": _("seen after taking part"),
    "tried_after_end": _("tried after taking part"),
    "exception_used": _("an exception was used"),
    "exception_recorded": _("an exception was recorded"),
    "involvement_not_found": _("the organisation did not take part"),
    "consent_not_found": _("the register held no consent"),
    "exception_not_found": _("the register held no exception"),
    "explained": _("explained"),
    "not_explained": _("not explained"),
    "reported": _("reported"),
    "own_finding": _("it was about herself"),
    "not_asked": _("nobody asked"),
    "answer_missing": _("there was no answer in it"),
    "answer_too_long": _("the answer was too long"),
    "note_too_long": _("the note was too long"),
    "already_judged": _("it was judged already"),
    "unknown_verdict": _("it had no verdict"),
    "already_drawn": _("it was drawn already"),
    "nothing_to_draw": _("there was nothing to draw from"),
    "month_not_over": _("the month is not over"),
    "witness_ahead": _("the witness has cosigned more entries than there are here"),
    "witness_root_differs": _("the witness has cosigned other entries than there are here"),
    "witness_not_consistent": _("the log does not continue what the witness cosigned before"),
    "logout": _("logged out"),
    "expired": _("expired"),
}

LEVELS: dict[str, Words] = {
    "identified": _("by name"),
    "pseudonymised": _("by pseudonym"),
}
