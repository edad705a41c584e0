"""Who must say yes at which age: five regimes in three age bands, and the strictest of those in play. Pure.

Source: UAVG art. 5; Jeugdwet art. 7.3.11 and 7.3.15; Wmo 2015 art. 5.3.3 lid 2; BW 7:447, 7:450 lid 2 and
7:465 (WGBO); CoMensha's own conditions for a notice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

CHILD_UNTIL, TEEN_UNTIL, ADULT_FROM = 12, 16, 18


class Band(StrEnum):
    """The three age bands that the regimes know."""

    CHILD = "0-11"
    TEEN = "12-15"
    OWN = "16+"


class Regime(StrEnum):
    """The law, or a receiver's own condition, that asks for consent."""

    AVG = "avg"
    JEUGDWET = "jeugdwet"
    WMO = "wmo"
    WGBO = "wgbo"
    COMENSHA = "comensha"


class Who(StrEnum):
    """Who consents under one regime at one age."""

    SELF = "self"
    SELF_IF_CAPABLE = "self_if_capable"  # who cannot weigh it herself is represented
    BOTH = "both"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of the table."""

    who: Who
    source: str
    written: bool = False


TABLE: Mapping[Regime, Mapping[Band, Rule]] = MappingProxyType(
    {
        Regime.AVG: {
            Band.CHILD: Rule(Who.REPRESENTATIVE, "UAVG 5 lid 1"),
            Band.TEEN: Rule(Who.REPRESENTATIVE, "UAVG 5 lid 1"),
            Band.OWN: Rule(Who.SELF, "UAVG 5 lid 1 en 4"),
        },
        Regime.JEUGDWET: {
            Band.CHILD: Rule(Who.REPRESENTATIVE, "Jeugdwet 7.3.15"),
            Band.TEEN: Rule(Who.SELF_IF_CAPABLE, "Jeugdwet 7.3.11 en 7.3.15"),
            Band.OWN: Rule(Who.SELF, "Jeugdwet 7.3.11"),
        },
        Regime.WMO: {
            Band.CHILD: Rule(Who.REPRESENTATIVE, "Wmo 2015 5.3.3 lid 2"),
            Band.TEEN: Rule(Who.SELF_IF_CAPABLE, "Wmo 2015 5.3.3 lid 2"),
            Band.OWN: Rule(Who.SELF, "Wmo 2015 5.3.3"),
        },
        Regime.WGBO: {
            Band.CHILD: Rule(Who.REPRESENTATIVE, "BW 7:465 lid 1"),
            Band.TEEN: Rule(Who.BOTH, "BW 7:450 lid 2"),
            Band.OWN: Rule(Who.SELF, "BW 7:447 lid 1"),
        },
        Regime.COMENSHA: {
            Band.CHILD: Rule(Who.REPRESENTATIVE, "CoMensha, voorwaarden bij een melding", written=True),
            Band.TEEN: Rule(Who.REPRESENTATIVE, "CoMensha, voorwaarden bij een melding", written=True),
            Band.OWN: Rule(Who.SELF, "CoMensha, voorwaarden bij een melding", written=True),
        },
    }
)


@dataclass(frozen=True, slots=True)
class Needed:
    """Whose yes counts, and whether it must be on paper. `sources`: the articles that ask it, in order."""

    own: bool
    representative: bool
    written: bool
    sources: tuple[str, ...]


def band_of(age: int) -> Band:
    """Return the band of an age in whole years."""
    if age < CHILD_UNTIL:
        return Band.CHILD
    return Band.TEEN if age < TEEN_UNTIL else Band.OWN


def in_play(*, medical: bool, comensha: bool, minor: bool) -> frozenset[Regime]:
    """Return the regimes that a line stands under.

    `medical`: the data are of health. `comensha`: CoMensha is the receiver. `minor`: under 18 (Jeugdwet 1.1);
    who is older gets her help under the Wmo.
    """
    found = {Regime.AVG, Regime.JEUGDWET if minor else Regime.WMO}
    if medical:
        found.add(Regime.WGBO)
    if comensha:
        found.add(Regime.COMENSHA)
    return frozenset(found)


def needed(regimes: Iterable[Regime], band: Band, *, capable: bool) -> Needed:
    """Return the strictest of the regimes in play: whoever one of them asks, is asked.

    `capable`: she can weigh her own interests in this. Who cannot is represented, at any age (BW 7:465,
    Wmo 2015 5.3.3 lid 2, Jeugdwet 7.3.15).
    """
    rules = [TABLE[regime][band] for regime in sorted(regimes)]
    asked = [_asked(rule.who, capable=capable) for rule in rules]
    return Needed(
        own=any(own for own, _ in asked),
        representative=any(other for _, other in asked),
        written=any(rule.written for rule in rules),
        sources=tuple(dict.fromkeys(rule.source for rule in rules)),
    )


def _asked(who: Who, *, capable: bool) -> tuple[bool, bool]:
    """(herself, her representative)."""
    if not capable:
        return False, True
    return who is not Who.REPRESENTATIVE, who in {Who.BOTH, Who.REPRESENTATIVE}
