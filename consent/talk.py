"""What is kept of a conversation about consent, and of a victim beside her lines: the sealed shapes. Pure.

Source: ISO/IEC TS 27560:2023 (event, collection method) and what this field adds to it. Codes are Dutch, as
the register's states are; free texts stay sealed and go to nobody but the care coordinator.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from consent.ages import Band

Method = Literal["", "mondeling", "schriftelijk"]
Witness = Literal["", "tolk", "collega", "geen"]
Interpreter = Literal["", "register", "informeel", "geen"]
Sure = Literal["", "ja", "twijfel", "nee"]
Giver = Literal["", "zelf", "beiden", "vertegenwoordiger"]
YesNo = Literal["", "ja", "nee"]
Pressed = Literal["", "nee", "twijfel", "ja"]
Because = Literal["", "vergissing", "druk", "onbevoegd"]

NEVER_INTERPRETERS = frozenset({"partner", "verdachte", "familie"})
"""Who can never interpret: somebody whom she may have to fear, and her family, as the notice promises her."""

PARENTS = frozenset({"ouder", "voogd"})
"""Representatives from her own circle; the others act for her from outside it."""
OUTSIDE = frozenset({"gi", "rvdk", "bijzondere_curator", "mentor", "curator"})
REPRESENTATIVES = PARENTS | OUTSIDE


class Talk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One conversation.

    `channel`: telefoon | gesprek. `explained_by`: who explained it, if not who recorded it. `interpreter_told`:
    the number in the register, who it was, or why none. `interpreter_is`: what an informal one is of her.
    `capacity`: she can weigh it, as judged by whom and how in `capacity_told`. `alone`, `overheard`: whether
    she could speak freely. `pressure`: whether somebody presses her. `apart`: explained apart from the criminal
    complaint and from shelter. `free`: told that a no costs her nothing. `age_band`: her own word, where no
    birth date is known. `paper`: where the signed paper lies. `read_back`: read back to her, and right.
    `on`: the day of it, where it was another than that on which it was recorded.
    """

    channel: Literal["", "telefoon", "gesprek"] = ""
    method: Method = ""
    witness: Witness = ""
    witness_told: str = ""
    explained_by: str = ""
    interpreter: Interpreter = ""
    interpreter_told: str = ""
    interpreter_is: str = ""
    capacity: Sure = ""
    capacity_told: str = ""
    alone: YesNo = ""
    overheard: Literal["", "nee", "misschien", "ja"] = ""
    pressure: Pressed = ""
    setting: str = ""
    apart: bool = False
    free: bool = False
    read_back: bool = False
    given_by: Giver = ""
    representative: str = ""
    mandate: str = ""
    age_band: Band | None = None
    exclusions: str = ""
    paper: str = ""
    on: date | None = None
    note: str = ""


class LineTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told of one line: why it is invalid, who took it back, a remark. All may be empty."""

    because: Because = ""
    by: Giver = ""
    note: str = ""


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How she can be reached safely. There is no field for post: nothing is ever sent to her home.

    `word`: a code word by which she hears that it is her care coordinator.
    """

    channel: Literal["", "telefoon", "bericht", "via_ander"] = ""
    reach: str = ""
    times: str = ""
    word: str = ""
    note: str = ""


class Representative(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who represents her. `involved`: possibly part of what happened to her; then nothing is told to them.

    `instead`: who speaks for her in that case, from outside her own circle.
    """

    role: str = ""
    mandate: str = ""
    involved: bool = False
    because: str = ""
    instead: str = ""


class Reflection(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The reflection period (B8/3 Vc 2000). `stage`: bedenktijd | slachtoffer | getuige | geen."""

    stage: Literal["bedenktijd", "slachtoffer", "getuige", "geen"] = "geen"
    starts: date | None = None
    ends: date | None = None
    dublin: bool = False
    lawyer: YesNo = ""
    note: str = ""


class Closed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a task of telling was done."""

    told_on: date
    how: str


FACTS: dict[str, type[Struct]] = {
    "contact": Contact,
    "representative": Representative,
    "reflection": Reflection,
}
