"""Who can log in to the demo: names that nobody bears, one account per role and party."""

import base64
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# One passphrase for all demo accounts; the second factor differs per person and store.
PASSPHRASE = "koffie op de lange tafel"  # noqa: S105  printed at every start of the demo

PROCESS = "zvh_procesregie"


@dataclass(frozen=True, slots=True)
class Player:
    username: str
    name: str
    party: str
    role: str | None = "participant"
    family: str = "inhoud"

    @property
    def id(self) -> str:
        return f"u-{self.username}"


PLAYERS = (
    Player("voorzitter", "V. Oorzitter", PROCESS, "chair"),
    Player("notulist", "N. Otulist", PROCESS, "process_coordinator"),
    Player("politie", "A. Gent", "politie"),
    Player("om", "O. Penbaar", "om"),
    Player("veiligthuis", "V. Eilig", "veilig_thuis"),
    Player("zorgcoordinator", "Z. Org", "zorgcoordinator", "care_coordinator"),
    Player("kwintes", "B. Egeleider", "kwintes"),
    Player("leger", "O. Pvang", "leger_des_heils"),
    Player("ggd", "G. Ezond", "ggd_soa"),
    Player("oov", "O. Rde", "burgemeester_oov"),
    Player("ketenregisseur", "K. Eten", "ketenregisseur", "chain_director"),
    Player("privacy", "F. Gee", PROCESS, None, "toezicht"),
    Player("beheer", "B. Eheer", PROCESS, None, "beheer"),
)

AT_TABLE = tuple(player.id for player in PLAYERS if player.family == "inhoud")


def people(today: date) -> list[dict[str, Any]]:
    """Return the accounts, each with a fresh random second factor, screened and trained."""
    return [_person(player, today) for player in PLAYERS]


def _person(player: Player, today: date) -> dict[str, Any]:
    return {
        "id": player.id,
        "name": player.name,
        "party": player.party,
        "family": player.family,
        "roles": [player.role] if player.role else [],
        "username": player.username,
        "password": PASSPHRASE,
        # 160 bits, as RFC 4226 §4 R6 recommends; no two stores share one.
        "totp_secret": base64.b32encode(secrets.token_bytes(20)).decode(),
        "screened_until": str(today + timedelta(days=400)),
        "trained_on": str(today - timedelta(days=120)),
    }
