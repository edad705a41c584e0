"""Code names of cases: a bird (or tree) each, equal for all parties, never given twice."""

import hmac
import secrets
from hashlib import sha256

from conference.crypto import ring
from conference.vault.models import UsedCodeName

# At most eleven letters: they must fit a narrow agenda.
WORDS = [
    "AALSCHOLVER",
    "APPELVINK",
    "BARMSIJS",
    "BEFLIJSTER",
    "BERGEEND",
    "BLAUWBORST",
    "BOKJE",
    "BOOMKLEVER",
    "BOOMKRUIPER",
    "BOOMPIEPER",
    "BOOMVALK",
    "BOSUIL",
    "BRANDGANS",
    "BRILDUIKER",
    "BUIZERD",
    "DODAARS",
    "DRAAIHALS",
    "DUINPIEPER",
    "DWERGMEEUW",
    "EIDER",
    "EKSTER",
    "FAZANT",
    "FITIS",
    "FLUITER",
    "FRATER",
    "FUUT",
    "GAAI",
    "GEELGORS",
    "GIERZWALUW",
    "GLANSKOP",
    "GOUDHAAN",
    "GOUDPLEVIER",
    "GOUDVINK",
    "GRASMUS",
    "GRASPIEPER",
    "GRAUWGANS",
    "GRIEL",
    "GROENLING",
    "GROENPOOT",
    "GRUTTO",
    "HAVIK",
    "HEGGENMUS",
    "HOLENDUIF",
    "HOP",
    "HOUTDUIF",
    "HOUTSNIP",
    "IJSVOGEL",
    "KANOET",
    "KAUW",
    "KEEP",
    "KEMPHAAN",
    "KERKUIL",
    "KIEVIT",
    "KLAPEKSTER",
    "KLUUT",
    "KNEU",
    "KOEKOEK",
    "KOLGANS",
    "KOOLMEES",
    "KRAANVOGEL",
    "KRAKEEND",
    "KRAMSVOGEL",
    "KRUISBEK",
    "KUIFEEND",
    "KUIFMEES",
    "KWAK",
    "KWARTEL",
    "LEPELAAR",
    "LINDE",
    "MATKOP",
    "MEEREND",
    "MEERKOET",
    "MEREL",
    "MORINEL",
    "NACHTEGAAL",
    "NACHTZWALUW",
    "NONNETJE",
    "OEVERLOPER",
    "OEVERZWALUW",
    "OOIEVAAR",
    "PAAPJE",
    "PARELDUIKER",
    "PATRIJS",
    "PESTVOGEL",
    "PIJLSTAART",
    "PIMPELMEES",
    "POELRUITER",
    "PUTTER",
    "RANSUIL",
    "RAAF",
    "REIGER",
    "RIETGORS",
    "RIETZANGER",
    "RINGMUS",
    "ROERDOMP",
    "ROODBORST",
    "ROTGANS",
    "SCHOLEKSTER",
    "SIJS",
    "SLECHTVALK",
    "SLOBEEND",
    "SMELLEKEN",
    "SMIENT",
    "SNOR",
    "SPERWER",
    "SPOTVOGEL",
    "SPREEUW",
    "SPRINKHAAN",
    "STAARTMEES",
    "STEENLOPER",
    "STEENUIL",
    "STELTLOPER",
    "STERN",
    "STORMMEEUW",
    "STRANDLOPER",
    "TAFELEEND",
    "TAPUIT",
    "TJIFTJAF",
    "TORENVALK",
    "TUINFLUITER",
    "TUREELUUR",
    "VELDUIL",
    "VINK",
    "VISAREND",
    "VISDIEF",
    "WATERHOEN",
    "WATERRAL",
    "WATERSNIP",
    "WESPENDIEF",
    "WIELEWAAL",
    "WILGENMEES",
    "WITGAT",
    "WULP",
    "ZANGLIJSTER",
    "ZEEAREND",
    "ZILVERMEEUW",
    "ZOMERTALING",
    "ZWALUW",
]


def digest(word: str) -> str:
    """Return the keyed hash under which a word counts as used."""
    return hmac.new(ring().derive("zvh/v1/code-name"), word.encode(), sha256).hexdigest()


def give(wanted: str | None = None) -> str:
    """Return a code name that was never given before, and mark it as given.

    `wanted` is taken when it is free. When all words are used, two are joined.
    """
    if wanted is not None and _claim(wanted):
        return wanted
    shuffled = secrets.SystemRandom().sample(WORDS, len(WORDS))
    used = set(UsedCodeName.objects.values_list("digest", flat=True))
    for word in shuffled:
        if digest(word) not in used and _claim(word):
            return word
    while True:
        pair = f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}"
        if _claim(pair):
            return pair


def _claim(word: str) -> bool:
    _, created = UsedCodeName.objects.get_or_create(digest=digest(word))
    return created
