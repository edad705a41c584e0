"""The overview in plain words, to the betrokkene herself: kinds of data, deeds, grounds, exceptions."""

from collections.abc import Iterable, Mapping
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from audit.overview.folding import EXCEPTION, LOG, PROCESS, REGISTER, Deed, Kind
from conference.covenant.labels import category_name
from frontend.officer import PURPOSES

CONTEXT = "overview"
Words = str | Promise
_ = partial(pgettext_lazy, CONTEXT)

KINDS: dict[str, Words] = {
    "id": _("who you are: such as your name, date of birth and address"),
    "bsn": _("your citizen service number (BSN)"),
    "pol": _("police data about you"),
    "jus": _("data of the judicial authorities about you"),
    "hnd": _("data of inspection and enforcement"),
    "won": _("where and how you live"),
    "rel": _("your family and the people around you"),
    "hlp": _("the help that you get"),
    "vzn": _("provisions that you have"),
    "gez": _("your health"),
    "fin": _("your money and income"),
    "vbl": _("your right of residence"),
    "adr": _("your secret address or telephone number"),
    PROCESS: _("report, decisions and agreements"),
    REGISTER: _("your consents"),
    LOG: _("the log of who saw your data"),
}
UNNAMED: Words = _("your role, age group and region")  # of identity data, what is seen without the name
LEVELS: dict[str, Words] = {
    "identified": _("With your name"),
    "pseudonymised": _("With a code instead of your name"),
    "": _("About the case as a whole"),
}
DEEDS: dict[Deed, Words] = {
    Deed.SAW: _("Seen"),
    Deed.WROTE: _("Written or changed"),
    Deed.TOOK: _("Taken along in a file or on paper"),
    Deed.CHECKED: _("Checked"),
}
GROUNDS: dict[str, Words] = {
    "covenant": _("The covenant: what the organisations agreed about who may see what."),
    "consent": _("You gave consent."),
    "own_contribution": _("The organisation brought this in itself."),
    "consent_register": _("Keeping what you gave consent for."),
    "track_lowers": _("The covenant. In this case the organisation works without names."),
    "involved": _("The organisation takes part in this case."),
    "general_point": _("It belonged to the conference."),
    "": _("Not recorded apart."),
}
# By the code of an exception: what it says to somebody who is no lawyer.
EXCEPTIONS: dict[int, Words] = {
    1: _("the law obliges the organisation to give this (Wgs, article 1.5)"),
    2: _("the law allowed to break professional secrecy here (Wgs, article 2.29)"),
    3: _("the police may give this to the conference (Wpg, article 20)"),
    4: _("anybody may inform Veilig Thuis (Wmo 2015, article 5.2.6)"),
    5: _("a certified youth institution that supervises a child may know this (Jeugdwet, article 7.3.11)"),
    6: _("it was needed to register you with CoMensha (Bpg, article 4:2)"),
    7: _("a vital interest was in danger and you could not decide yourself (UAVG, article 22)"),
    8: _("two duties could not both be kept, and a second professional was asked"),
}
# UAVG 41-1, by letter.
LIMITS: dict[str, Words] = {
    "a": _("national security"),
    "b": _("defence"),
    "c": _("public security"),
    "d": _("preventing, investigating and prosecuting crime"),
    "e": _("another important public interest"),
    "f": _("the independence of the judge and of court proceedings"),
    "g": _("breaches of the code of a regulated profession"),
    "h": _("supervision, inspection or regulation"),
    "i": _("the protection of yourself or of the rights and freedoms of others"),
    "j": _("collecting a civil claim"),
}


def kinds_text(kinds: Mapping[Kind, int]) -> list[str]:
    """Return the kinds of data level by level: "With your name: your health (2 ×); your money and income"."""
    told: dict[str, list[str]] = {}
    for kind, count in sorted(kinds.items(), key=lambda pair: (list(LEVELS).index(pair[0].level), -pair[1], pair[0])):
        times = f" ({count} ×)" if count > 1 else ""
        told.setdefault(_level(kind), []).append(_kind(kind) + times)
    return [f"{level}: {'; '.join(parts)}" if level else "; ".join(parts) for level, parts in told.items()]


def _level(kind: Kind) -> str:
    return "" if kind.category in {REGISTER, LOG} else str(LEVELS[kind.level])


def _kind(kind: Kind) -> str:
    if kind == Kind("id", "pseudonymised"):
        return str(UNNAMED)
    # What is about nobody in the case is not "yours": it is called as professionals call it.
    of_case = not kind.level and kind.category not in {PROCESS, REGISTER, LOG}
    known = None if of_case else KINDS.get(kind.category)
    return str(known or category_name(kind.category))


def ground_text(ground: str, codes: Iterable[int], deed: Deed, kinds: Iterable[Kind]) -> str:
    """Return the ground in words; an exception with the law behind it, or with those that can have been it."""
    if deed is Deed.CHECKED:
        return pgettext(CONTEXT, "Supervision: %(purpose)s (Wgs, article 1.8).") % {"purpose": PURPOSES.get(ground, "")}
    if ground == EXCEPTION:
        told = [str(EXCEPTIONS[code]) for code in codes if code in EXCEPTIONS]
        if not told:
            return pgettext(CONTEXT, "An exception that the law allows.")
        return pgettext(CONTEXT, "An exception that the law allows: %(which)s.") % {"which": either(told)}
    if not ground and {kind.category for kind in kinds} == {REGISTER}:
        ground = "consent_register"
    known = GROUNDS.get(ground)
    return str(known) if known else pgettext(CONTEXT, "Recorded as: %(code)s.") % {"code": ground.replace("_", " ")}


def either(parts: list[str]) -> str:
    """Return "a", "a, or b"."""
    if len(parts) == 1:
        return parts[0]
    return pgettext(CONTEXT, "%(first)s, or %(last)s") % {"first": "; ".join(parts[:-1]), "last": parts[-1]}


def limit_grounds(letters: str) -> str:
    """Return the grounds of UAVG 41-1 as a sentence says them: "d (…) and i (…)"."""
    named = [f"{letter} ({LIMITS[letter]})" for letter in letters if letter in LIMITS]
    if len(named) < 2:  # noqa: PLR2004  one needs no "and"
        return "".join(named)
    return pgettext(CONTEXT, "%(first)s and %(last)s") % {"first": ", ".join(named[:-1]), "last": named[-1]}
