"""A viewing class: everything about a viewer that her view depends on, and nothing else. Pure."""

from dataclasses import dataclass
from uuid import UUID

from conference.covenant import facts

WITHDRAW = "consent.withdraw"


@dataclass(frozen=True, slots=True)
class Lens:
    """All viewers with an equal lens have the same view of a conference.

    `family`: the role family, on which the covenant's second rule looks. `can`: the commands
    that the role may give. `leads`: chair or process coordinator
    of the process party. `sent_out`: cases of this conference that she was sent out of.
    """

    party: str
    can: tuple[str, ...]
    leads: bool
    sent_out: frozenset[UUID] = frozenset()
    family: str = "inhoud"

    @property
    def viewer(self) -> facts.Viewer:
        return facts.Viewer(self.party, self.family, verified=True)

    @property
    def keeps_consent(self) -> bool:
        """Whether she is told which consent is lacking: she leads the meeting, or keeps the register."""
        return self.leads or WITHDRAW in self.can

    @property
    def key(self) -> str:
        """The class's name in the hub; equal for equal lenses."""
        out = ",".join(sorted(str(case) for case in self.sent_out))
        return f"{self.party}|{self.family}|{'+'.join(self.can)}|{self.leads:d}|{out}"
