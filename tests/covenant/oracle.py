"""The covenant's table once more, rule by rule from its text, as a check on the product.

Built otherwise than the product on purpose: a flat list of numbered rules over the raw
file, a cell that is rewritten as the rules read it, no shared code but the plain facts.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NL = ZoneInfo("Europe/Amsterdam")
LETTER_OF = {
    "aanmelding": 0,
    "triage": 1,
    "verrijking": 2,
    "overleg": 3,
    "uitvoering": 4,
    "afsluiting": 4,
    "heropend": 1,
}


class Asked:
    """One question, with the raw covenant and the letter as the rules so far have it read."""

    def __init__(self, raw, active, viewer, case, item, consents, exceptions, now):
        self.raw, self.active, self.viewer, self.case, self.item = raw, active, viewer, case, item
        self.consents, self.exceptions, self.now = consents, exceptions, now
        self.letter = None
        self.p_needs_more = False
        self.lowered = False

    @property
    def me(self):
        return self.raw["parties"][self.viewer.party]

    def party(self, name):
        return self.raw["parties"][name]

    def repeated(self):
        """The item and everything that it repeats."""
        one, out = self.item, []
        while one is not None:
            out.append(one)
            one = one.about
        return out


def under_18(born, now):
    if born is None:
        return False
    today = now.astimezone(NL).date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return born <= today and years < 18


def rule_1(a):
    return None if a.viewer.verified else ("none", "second_factor_missing")


def rule_2(a):
    return None if a.viewer.family == "inhoud" else ("none", "role_excluded")


def rule_3(a):
    return None if a.active else ("none", "covenant_inactive")


def rule_4(a):
    parties, categories = a.raw["parties"], a.raw["categories"]
    if a.viewer.party not in parties or any(one.supplier not in parties for one in a.repeated()):
        return ("none", "unknown_party")
    if any(one.category not in categories for one in a.repeated()):
        return ("none", "unknown_category")
    if a.case.phase not in {*LETTER_OF, "nazorg", "afgeschermd", "vernietigd"}:
        return ("none", "unknown_phase")
    if a.case.track not in {"wgs", "hulp", "signaal"}:
        return ("none", "unknown_track")
    if any(one.status not in {"draft", "released", "withdrawn"} for one in a.repeated()):
        return ("none", "unknown_status")
    return None


def rule_5(a):
    if a.viewer.party not in a.case.parties and a.me.get("process") is not True:
        return ("none", "not_involved")
    return None


def rule_6(a):
    return ("none", "case_shielded") if a.case.phase in ("afgeschermd", "vernietigd") else None


def rule_7(a):
    return ("none", "guest_no_account") if a.me["class"] in ("D", "Z") else None


def rule_8(a):
    if a.me.get("only_if") == "minor" and not [s for s in a.case.subjects if under_18(s.birth_date, a.now)]:
        return ("none", "party_condition")
    return None


def rule_9(a):
    forbidden = {"hulp": "bsn pol jus", "signaal": "id bsn gez adr vbl", "wgs": ""}[a.case.track].split()
    return ("none", "track_forbids") if a.item.category in forbidden else None


def rule_10(a):
    return ("identified", "own_contribution") if a.item.supplier == a.viewer.party else None


def rule_11(a):
    for one in a.repeated():
        if one.status == "draft":
            return ("none", "item_draft")
        if one.status == "withdrawn":
            return ("none", "item_withdrawn")
        allowed = one.only_for is None or a.viewer.party in one.only_for
        if not allowed or a.viewer.party in one.not_for:
            return ("none", "condition_excludes")
    return None


def read_cell(a):
    """Not a rule: the letter that the file has, all dashes while a check is open."""
    row = a.me.get(a.item.category, "-----")
    if "check" in a.me and "checked" not in a.me:
        row = "-----"
    if a.case.phase in LETTER_OF:
        a.letter = row[LETTER_OF[a.case.phase]]


def rule_12(a):
    if a.case.phase == "nazorg":
        may = a.me.get("process") is True or a.viewer.party in a.case.open_action_parties
        a.letter = "p" if may and a.item.category == "prc" else "-"


def rule_12b(a):
    if a.item.category == "prc" and a.item.open_action_owner == a.viewer.party and a.letter in "-o":
        a.letter = "p"


def rule_13(a):
    return {"-": ("none", "not_in_covenant"), "o": ("none", "own_only")}.get(a.letter)


def rule_14(a):
    bound = [one for one in a.repeated() if "secrecy" in a.party(one.supplier) and one.category != "prc"]
    if not bound:
        return None
    if a.case.track == "signaal":
        return ("none", "track_forbids")
    a.letter = "c" if a.letter == "I" else a.letter
    a.p_needs_more = True
    return None


def rule_15(a):
    if a.case.track == "signaal":
        if a.letter == "c":
            return ("none", "track_forbids")
        if a.letter == "I":
            a.letter, a.lowered = "p", True
    return None


def rule_16(a):
    if a.case.track == "hulp" and a.item.category != "prc":
        a.letter = "c" if a.letter == "I" else a.letter
        a.p_needs_more = True


def rule_17(a):
    if (a.letter == "c" or (a.letter == "p" and a.p_needs_more)) and more(a) is None:
        return ("none", "consent_missing")
    return None


def rule_18(a):
    if a.letter != "p":
        return None
    if a.p_needs_more:
        return ("pseudonymised", more(a))
    return ("pseudonymised", "track_lowers" if a.lowered else "covenant")


def rule_19(a):
    if a.me.get("only_if") != "minor":
        return None
    her = [s for s in a.case.subjects if s.id == a.item.subject]
    if her and under_18(her[0].birth_date, a.now):
        return None
    return {"id": ("pseudonymised", "party_condition"), "bsn": ("none", "party_condition")}.get(a.item.category)


def rule_20(a):
    return ("identified", more(a) if a.letter == "c" else "covenant")


def more(a):
    """ "consent", "exception" or None."""
    if a.item.subject is None:
        whom = [s for s in a.case.subjects if s.role != "suspect"]
    else:
        whom = [s for s in a.case.subjects if s.id == a.item.subject]
    if not whom:
        return None
    per_person = ["consent" if consents_of(a, s) else "exception" if exception_of(a, s) else None for s in whom]
    if None in per_person:
        return None
    return "exception" if "exception" in per_person else "consent"


def consents_of(a, subject):
    if subject.role == "suspect":
        return False
    mine = sorted(
        (
            line
            for line in a.consents
            if (line.subject, line.party, line.category, line.purpose)
            == (subject.id, a.viewer.party, a.item.category, a.case.purpose)
        ),
        key=lambda line: line.recorded,
        reverse=True,
    )
    for line in mine:  # the newest first; one whose time has not come is passed over
        if line.state in ("geweigerd", "ingetrokken", "ongeldig"):
            return False
        if line.starts > a.now:
            continue
        fresh = line.ends is None or a.now < line.ends
        return line.state in ("gegeven", "bevestigd", "beperkt") and fresh
    return False


def exception_of(a, subject):
    return any(
        (e.subject, e.party, e.category) == (subject.id, a.viewer.party, a.item.category)
        and e.starts <= a.now < e.ends
        and e.decider
        and e.reason
        and fits(a, e)
        for e in a.exceptions
    )


def fits(a, e):
    bound = any("secrecy" in a.party(one.supplier) for one in a.repeated())
    bringers = {one.supplier for one in a.repeated()}
    wgs = a.case.track == "wgs"
    month = e.ends - e.starts <= timedelta(days=30) or (
        e.ends.astimezone(NL).time() == datetime.min.time()
        and e.ends.astimezone(NL).date() - e.starts.astimezone(NL).date() <= timedelta(days=31)
    )
    return {
        1: wgs and a.item.category != "gez" and not bound,
        2: a.item.category == "gez" or bound,
        3: wgs and bringers == {"politie"},
        4: a.viewer.party == "veilig_thuis",
        5: a.viewer.party == "gi",
        6: a.viewer.party == "comensha",
        7: month,
        8: month,
    }.get(e.code, False)


RULES = [
    rule_1,
    rule_2,
    rule_3,
    rule_4,
    rule_5,
    rule_6,
    rule_7,
    rule_8,
    rule_9,
    rule_10,
    rule_11,
    read_cell,
    rule_12,
    rule_12b,
    rule_13,
    rule_14,
    rule_15,
    rule_16,
    rule_17,
    rule_18,
    rule_19,
    rule_20,
]


def ask(raw, active, viewer, case, item, consents, exceptions, now):
    """Return (level, reason) as the first rule that applies decides."""
    asked = Asked(raw, active, viewer, case, item, consents, exceptions, now)
    for rule in RULES:
        verdict = rule(asked)
        if verdict is not None:
            return verdict
    raise AssertionError("rule 20 always decides")
