"""Loading the conferences of a world: agenda, notes, decisions, actions."""

from datetime import datetime
from uuid import UUID, uuid4

from agenda.models import AgendaItem, Conference, Dissent, Note, Seat
from conference.cases.commands import track_action
from conference.cases.mentions import mentioned
from conference.cases.seals import make_key, seal
from conference.world import shape
from conference.world.loading import Loading, find, refuse
from conference.world.moments import day, moment


def load_conference(loading: Loading, conference: shape.Conference) -> None:
    """Load one conference with everything on its agenda; its chair's party supplies what was said."""
    starts = moment(conference.starts)
    chair = find(loading.people, conference.chair, "unknown_person")
    row = uuid4()
    make_key(row, first_processed=starts)
    made = Conference.objects.create(
        id=row, chair=chair, starts=starts, sealed=seal(row, "agenda_conference", row, {"text": conference.title})
    )
    for person in dict.fromkeys(conference.people):
        Seat.objects.create(conference=made, person=find(loading.people, person, "unknown_person"))
    loading.give("conferences", conference.id, row)
    party = loading.party_of[conference.chair]
    loading.log("conference.opened", party=party, obj=f"conference:{row}")
    for position, item in enumerate(conference.agenda, 1):
        _Point(loading, made, party, chair, item, position).load()


class _Point:
    """One agenda item and what was said at it."""

    def __init__(
        self, loading: Loading, conference: Conference, party: str, chair: UUID, item: shape.AgendaItem, position: int
    ) -> None:
        self.loading = loading
        self.conference = conference
        self.party = party
        self.chair = chair
        self.item = item
        self.position = position
        self.case = find(loading.cases, item.case, "unknown_case") if item.case is not None else None

    def load(self) -> None:
        row = uuid4()
        title = self.loading.resolve(self.item.title, self.item.case)
        self.row = AgendaItem.objects.create(
            id=row,
            conference=self.conference,
            case=self.case,
            supplier=self.party,
            position=self.position,
            minutes=self.item.minutes,
            sealed=seal(self.case or self.conference.id, "agenda_agendaitem", row, {"text": title}),
        )
        self.loading.give("agenda_items", self.item.id, row)
        self.loading.log("agenda_item.added", party=self.party, case=self.case, obj=f"agenda_item:{row}")
        for note in self.item.notes:
            made = self._note("minutes", note, status="released")
            self.loading.give("notes", note.id, made.id)
        for decision in self.item.decisions:
            self._decision(decision)
        for action in self.item.actions:
            self._action(action)

    def _note(self, kind: str, note: shape.Note | shape.Decision | shape.Action, **values: object) -> Note:
        row = uuid4()
        text = self.loading.resolve(note.text, self.item.case)
        made = Note.objects.create(
            id=row,
            kind=kind,
            conference=self.conference,
            agenda_item=self.row,
            case=self.case,
            category=self._category(note.category),
            supplier=self.party,
            author=self.chair,
            mentions=[str(subject) for subject in mentioned(text)],
            written_at=self.loading.tick(),
            sealed=seal(self.case or self.conference.id, "agenda_note", row, {"text": text}),
            **values,
        )
        act = {"minutes": "minutes.written", "decision": "decision.proposed", "action": "action.added"}[kind]
        self.loading.log(act, party=self.party, case=self.case, obj=f"{kind}:{row}")
        return made

    def _category(self, category: str) -> str:
        if category not in self.loading.covenant.categories:
            refuse("unknown_category", "Something in the file has a category that the covenant does not have.")
        return category

    def _decision(self, decision: shape.Decision) -> None:
        adopted: datetime | None = self.loading.now if decision.status == "adopted" else None
        made = self._note("decision", decision, status=decision.status, adopted_at=adopted)
        self.loading.give("decisions", decision.id, made.id)
        for dissent in decision.dissent:
            self._check_party(dissent.party)
            row = uuid4()
            text = self.loading.resolve(dissent.reason, self.item.case)
            Dissent.objects.create(
                id=row,
                decision=made,
                party=dissent.party,
                author=self.chair,
                at=self.loading.tick(),
                mentions=[str(subject) for subject in mentioned(text)],
                sealed=seal(self.case or self.conference.id, "agenda_dissent", row, {"text": text}),
            )

    def _check_party(self, party: str) -> None:
        if party not in self.loading.covenant.parties:
            refuse("unknown_party", "A dissent or an action names a party that the covenant does not have.")

    def _action(self, action: shape.Action) -> None:
        self._check_party(action.owner)
        made = self._note("action", action, status=action.status, owner=action.owner, due=day(action.due))
        self.loading.give("actions", action.id, made.id)
        if self.case is not None and action.status == "open":
            track_action(made.id, self.case, action.owner, open_now=True)
