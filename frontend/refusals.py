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
    "review_out_of_range": lazy(
        "Choose a day from today on: at most half a year ahead, in the reflection period at most 90 days."
    ),
    "limit_is_longer": lazy("An earlier end must lie before the present one."),
    "reference_misread": lazy(
        "A symbol of this reference was read or typed wrong. Nothing was recorded. Read it out once more."
    ),
    "reference_incomplete": lazy("This is not the whole reference: it has eleven symbols. Nothing was recorded."),
    "keys_unavailable": lazy(
        "It could not be recorded now: the keys of this case are not there. Try again in a while, and call your "
        "administrator if it stays so."
    ),
    "unknown_reference": lazy(
        "Your organisation has nobody under this reference. Nothing was recorded. Look whether it is whole, and hers."
    ),
    "not_for_consent": lazy("For this the covenant asks no consent."),
    "fields_missing": lazy("Something is missing. Look at what is marked, fill it in and record again."),
    "interpreter_not_allowed": lazy("This person cannot interpret for her. Ask a registered interpreter."),
    "not_free_to_speak": lazy("She cannot talk freely now, so a yes does not count. Agree when you call again."),
    "under_pressure": lazy("Somebody presses her, so a yes does not count. Nothing was recorded."),
    "age_unknown": lazy("Ask how old she is: it decides whose yes counts."),
    "own_consent_missing": lazy("At her age she must say yes herself, too."),
    "representative_missing": lazy("At her age, or because she cannot weigh it, her representative must say yes, too."),
    "writing_needed": lazy("This needs a written yes. Choose “In writing” and say where the paper lies."),
    "representative_involved": lazy(
        "This representative may be part of it, so this yes does not count. Ask for somebody from outside."
    ),
    "known_changed": lazy(
        "Somebody else recorded something of her meanwhile: a yes or a no, how she is reached or who represents her. "
        "It stands on this page now: look at it, then read back again. Nothing of yours was recorded yet."
    ),
    "unknown_representative": lazy("Choose who represents her."),
    "evidence_unknown": lazy("This document is not hers. Choose another one."),
    "evidence_too_large": lazy("This document is larger than 5 MB. Make a smaller one and try again."),
    "evidence_of_other_kind": lazy("This is no PDF, PNG or JPEG. Choose another document."),
    "purpose_missing": lazy("Write what this case is for."),
    "unknown_track": lazy("Choose a track."),
    "unknown_party": lazy("The covenant does not know this organisation. Choose another one."),
    "guest_no_account": lazy("This organisation takes part without accounts, so it cannot join a case here."),
    "triage_is_for_members": lazy("While the case is weighed only the responsible organisations take part."),
    "already_involved": lazy("This organisation takes part already. Nothing changed."),
    "not_taking_part": lazy("This organisation does not take part any more. Nothing changed."),
    "process_party_stays": lazy("The process team takes part in every case."),
    "same_phase": lazy("The case is in this phase already. Nothing changed."),
    "no_such_step": lazy("This phase does not follow the present one. Choose another one."),
    "protection_not_asked": lazy("Choose first whether the address or number is secret."),
    "bad_birth_date": lazy("Fill in a date of birth that has passed, such as 23-11-2008."),
    "bad_bsn": lazy("This is no BSN: it has nine digits. Look at it again."),
    "unknown_role": lazy("Choose what this person is in the case."),
    "unknown_category": lazy("The covenant does not know this kind of data. Choose another one."),
    "unknown_decider": lazy("Choose somebody who works on this case."),
    "reason_missing": lazy("Write why this is needed."),
    "reflection_without_days": lazy("Fill in the first and the last day of the reflection period."),
    "reflection_too_long": lazy("A reflection period lasts three months at most. Choose an earlier last day."),
    "dublin_too_long": lazy("With Dublin a reflection period lasts 30 days at most. Choose an earlier last day."),
    "not_a_victim": lazy("Only a victim is called by the care coordinator. Take the tick away."),
    "no_care_coordinator": lazy("No care coordinator takes part in this case any more. Take the tick away."),
    "agreed_long_ago": lazy("That is more than 30 days ago. Ask her again, and fill in that day."),
    "turned_since": lazy("She turned 12, 16 or 18 since then. Ask her again, and fill in that day."),
    "contact_missing": lazy("Fill in how she can be reached without danger."),
    "alternatives_missing": lazy("Write what was tried first, or why nothing could be."),
    "second_missing": lazy("Write which second professional was asked. Without one this ground cannot be used."),
    "telling_missing": lazy("Fill in when she was told, or why not yet and when that is looked at again."),
    "told_in_future": lazy("Choose the day on which it was told: today or before."),
    "told_before_task": lazy("Choose a day from the day on which this had to be told: nobody knew it before."),
    "look_again_past": lazy("Choose a day that is still to come."),
    "look_again_late": lazy("Choose a day within 30 days."),
    "already_done": lazy("This was told already. Nothing changed."),
    "how_missing": lazy("Write how it was told."),
    "exception_does_not_fit": lazy(
        "This ground does not fit this track, organisation, kind of data or period. Choose another one."
    ),
    "title_missing": lazy("Write a title."),
    "starts_in_past": lazy("Choose a day that is still to come."),
    "unknown_person": lazy("One of these people cannot be invited any more. Choose again."),
    "chair_cannot_lead": lazy(
        "A chair or process coordinator of the process team leads a conference. Choose another one."
    ),
    "chair_stays": lazy("The chair stays in the conference."),
    "already_invited": lazy("One of these people is invited already. Look at the list and choose again."),
    "not_invited": lazy("This person is not invited any more. Nothing changed."),
    "nothing_changed": lazy("Choose at least one person."),
    "conflict": lazy("Somebody else changed this meanwhile. Look at what stands here now."),
}


def refusal_text(code: str) -> str:
    """Return the sentence for a refusal's code."""
    return str(_TEXTS.get(code) or _("This could not be done. Nothing was saved."))
