// Changing the agenda during the meeting: another order, another item. For who leads it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import { move } from "./steering.ts";
import { agenda, all, titleOf } from "./view.ts";

export function Arrange(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  if (!room.may("agenda_item.add") || state.trouble) return null;
  const planned = agenda(state.view).filter(({ body }) => body.status === "planned");
  return (
    <details class="fold" data-region="arrange">
      <summary data-home>{texts.changeAgenda}</summary>
      <ul class="arrange-list">
        {planned.map(({ key, body }) => {
          const title = titleOf(state.view, body, texts.untitled);
          return (
            <li key={key}>
              <span>{title}</span>
              <Arrow words={texts.up(title)} icon="chevron-up" onClick={() => move(room, key, -1)} />
              <Arrow words={texts.down(title)} icon="chevron-down" onClick={() => move(room, key, 1)} />
            </li>
          );
        })}
      </ul>
      <AddItem />
    </details>
  );
}

function Arrow({ words, icon, onClick }: { words: string; icon: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="button button-text button-icon" onClick={onClick}>
      <Icon name={icon} />
      <span class="hidden-visually">{words}</span>
    </button>
  );
}

function AddItem(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const [title, setTitle] = useState("");
  const [minutes, setMinutes] = useState("10");
  const [caseId, setCase] = useState("");
  const add = (event: Event): void => {
    event.preventDefault();
    const length = Number.parseInt(minutes, 10);
    if (!title.trim() || !(length > 0 && length <= 480)) return;
    room.give("agenda_item.add", { case: caseId || null, title: title.trim(), minutes: length });
    setTitle("");
  };
  return (
    <form class="arrange-add" onSubmit={add} noValidate>
      <label class="label" for="add-title">{texts.itemTitle}</label>
      <input id="add-title" class="input" value={title} onInput={(event) => setTitle(event.currentTarget.value)} maxLength={200} autocomplete="off" />
      <label class="label" for="add-case">{texts.itemCase}</label>
      <select id="add-case" class="input" value={caseId} onChange={(event) => setCase(event.currentTarget.value)}>
        <option value="">{texts.noCase}</option>
        {all(state.view, "case").map(({ id, body }) => (
          <option key={id} value={id}>{body.code_name}</option>
        ))}
      </select>
      <label class="label" for="add-minutes">{texts.itemMinutes}</label>
      <input id="add-minutes" class="input" inputMode="numeric" value={minutes} onInput={(event) => setMinutes(event.currentTarget.value)} />
      <button type="submit" class="button button-outline">{texts.add}</button>
    </form>
  );
}
