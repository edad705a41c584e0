"""The covenant's fixed words: phases, tracks, letters and what they forbid. Pure."""

PHASES = ("aanmelding", "triage", "verrijking", "overleg", "uitvoering")
"""The five phases that a cell has a letter for, in the order of its letters."""

READS_AS = {name: place for place, name in enumerate(PHASES)} | {"afsluiting": 4, "heropend": 1}
"""Which letter a phase reads; the phases after the conference borrow an earlier one."""

AFTERCARE = "nazorg"
SHIELDED = frozenset({"afgeschermd", "vernietigd"})
ALL_PHASES = frozenset(READS_AS) | SHIELDED | {AFTERCARE}

TRACKS = frozenset({"wgs", "hulp", "signaal"})
STATUSES = frozenset({"draft", "released", "withdrawn"})
SUBJECT_ROLES = frozenset({"victim", "circle", "suspect"})

CODES = ("-", "p", "I", "o", "c", "v")
CLASSES = ("P", "Q", "D", "Z")
NOTHING = "-----"

TRACK_FORBIDS = {
    "wgs": frozenset[str](),
    "hulp": frozenset({"bsn", "pol", "jus"}),
    "signaal": frozenset({"id", "bsn", "gez", "adr", "vbl"}),
}
"""Rule 9: what a track keeps from everybody, the supplier included."""

CONSENT_ONLY = frozenset({"gez", "adr", "vbl"})
"""Categories that are never shown on the covenant alone."""

POLICE, SAFE_HOME, GUARDIAN_BODY, COMENSHA = "politie", "veilig_thuis", "gi", "comensha"

VALID_STATES = frozenset({"gegeven", "bevestigd", "beperkt"})
AT_ONCE_STATES = frozenset({"geweigerd", "ingetrokken", "ongeldig"})
"""Refusal, withdrawal and invalidation count from the moment they are recorded."""

NEVER = (
    "seksueel_gedrag",
    "seksuele_gerichtheid",
    "etniciteit",
    "religie",
    "politieke_opvatting",
    "biometrie",
    "wpg_9_10_12",
)
"""No covenant may contain these, whatever its own list says."""
