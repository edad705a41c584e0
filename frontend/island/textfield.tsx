// The text itself, with the list of people that opens after "@".
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useRoom } from "./context.ts";
import type { Draft, Tab } from "./drafts.ts";
import { beingNamed, fitting, shortPseudonym } from "./mentions.ts";
import type { Uuid } from "./protocol.ts";
import { type Kept, one, subjectsOf } from "./view.ts";

interface Props {
  tab: Tab;
  draft: Draft;
  target: Uuid;
  onRecord: () => void;
}

export function TextField({ tab, draft, target, onRecord }: Props): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, close] = useState(false);
  const after = useRef<number | null>(null);
  const caseId = one(state.view, "agenda_item", target)?.case ?? null;
  const naming = closed ? null : beingNamed(draft.text, caret);
  const found = naming ? fitting(subjectsOf(state.view, caseId), naming.part) : [];
  const chosen = Math.min(at, found.length - 1);

  useEffect(() => {
    if (after.current === null || !field.current) return;
    field.current.setSelectionRange(after.current, after.current);
    setCaret(after.current);
    after.current = null;
  }, [draft.text]);

  const pick = (person: Kept<"subject">): void => {
    if (!naming) return;
    const before = `${draft.text.slice(0, naming.from)}@${person.body.handle} `;
    after.current = before.length;
    room.write(tab, { text: before + draft.text.slice(caret).replace(/^ /, "") });
    field.current?.focus();
  };

  const pressed = (event: KeyboardEvent): void => {
    const person = found[chosen];
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRecord();
    } else if (person && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      pick(person);
    } else if (person && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setAt((chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (person && event.key === "Escape") {
      event.stopPropagation();
      close(true);
    }
  };

  const moved = (): void => setCaret(field.current?.selectionStart ?? 0);
  const wrong = state.problems.some((problem) => problem.field === "text");
  return (
    <div class="textfield">
      <label class="hidden-visually" for="compose-text">{texts.composeLabel[tab]}</label>
      <textarea
        id="compose-text"
        ref={field}
        class="input"
        rows={1}
        maxLength={4000}
        value={draft.text}
        placeholder={texts.composeHint[tab]}
        autocomplete="off"
        aria-invalid={wrong || undefined}
        aria-autocomplete="list"
        aria-controls={found.length ? "people-list" : undefined}
        aria-activedescendant={found.length ? `pick-${chosen}` : undefined}
        onInput={(event) => {
          close(false);
          setAt(0);
          room.write(tab, { text: event.currentTarget.value });
          moved();
        }}
        onKeyDown={pressed}
        onKeyUp={moved}
        onClick={moved}
      />
      {found.length > 0 && (
        <ul class="picker" id="people-list" role="listbox" aria-label={texts.pickPerson}>
          {found.map((person, index) => (
            <li
              key={person.key}
              id={`pick-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                pick(person);
              }}
            >
              <strong>{person.body.handle}</strong> <span class="pseudonym">{shortPseudonym(person.body.pseudonym)}</span>{" "}
              <span class="meta">{[person.body.name, texts.roles[person.body.role] ?? person.body.role].filter(Boolean).join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
