// Who sits at the table: name, party and role in words; and, for the chair, who steps out for a case.
import type { JSX } from "preact";
import { useRoom } from "./context.ts";
import { timeOfDay } from "./clock.ts";
import type { PresentPerson, Uuid } from "./protocol.ts";
import { capital } from "./texts.ts";
import { one } from "./view.ts";

export function People(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const since = timeOfDay(state.heard + (state.offset ?? 0));
  return (
    <section class="people" data-region="people" aria-labelledby="people-title">
      <h2 id="people-title" class="rail-title" tabIndex={-1} data-home>
        {state.trouble ? texts.atTableSince(since) : texts.atTable(state.people.length)}
      </h2>
      <ul class="people-list">
        {state.people.map((person) => (
          <li key={person.id} class={`person is-${person.state}`}>
            <span class="person-dot" aria-hidden="true" />
            <span>
              {person.name}
              {person.id === room.me.person && ` (${texts.you})`}
              <span class="person-line">{line(person)}</span>
            </span>
          </li>
        ))}
      </ul>
      <Door />
    </section>
  );

  function line(person: PresentPerson): string {
    const words = [capital(room.party(person.party))];
    const roles = person.roles.filter((role) => role !== "participant").map(room.role);
    words.push(...roles.filter((role) => role.toLowerCase() !== room.party(person.party).toLowerCase()));
    if (person.state === "lost") words.push(texts.lostPerson);
    return words.join(", ");
  }
}

function Door(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const item = one(state.view, "agenda_item", room.shown());
  const theCase = one(state.view, "case", item?.case);
  if (!theCase || !item?.case || !room.may("door.send_out") || state.trouble) return null;
  const caseId: Uuid = item.case;
  const out = new Set(theCase.sent_out);
  const others = state.people.filter(({ id }) => id !== room.me.person);
  const gone = theCase.sent_out.filter((id) => !others.some((person) => person.id === id));
  return (
    <details class="fold">
      <summary>{texts.whoAtCase(theCase.code_name)}</summary>
      <ul class="door-list">
        {others.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              class="link"
              onClick={() => room.give(out.has(id) ? "door.admit" : "door.send_out", { case: caseId, person: id })}
            >
              {out.has(id) ? texts.admit(name) : texts.sendOut(name)}
            </button>
          </li>
        ))}
        {gone.map((id) => (
          <li key={id}>
            <button type="button" class="link" onClick={() => room.give("door.admit", { case: caseId, person: id })}>
              {texts.admit(texts.isOut)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
