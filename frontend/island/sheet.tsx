// The sheet on the table: one case, or a general point, as this viewer sees it.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import { Items } from "./items.tsx";
import { Subjects } from "./subjects.tsx";
import { kindLine, ICONS, inOrder, sentence } from "./scope.ts";
import type { AgendaItem, Case } from "./protocol.ts";
import { capital } from "./texts.ts";
import { ItemTimer, TimeBar } from "./timer.tsx";
import { one, openItem, titleOf } from "./view.ts";

export function Sheet(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const item = one(state.view, "agenda_item", room.shown());
  if (!item) return null;
  const theCase = one(state.view, "case", item.case);
  return (
    <div class="sheet-column" data-region="sheet">
      <Elsewhere item={item} />
      <header class="sheet-head">
        <div class="sheet-name">
          <h1 class={theCase ? "code-name" : "point-name"} tabIndex={-1} data-home>
            {titleOf(state.view, item, texts.untitled)}
          </h1>
          {theCase && <p class="sheet-line">{headLine(theCase)}</p>}
        </div>
        <ItemTimer item={item} />
      </header>
      <TimeBar item={item} />
      {theCase ? <Scope theCase={theCase} /> : <p class="scope"><Icon name="eye" /><span>{texts.generalPoint}</span></p>}
      <Search />
      <div class="sheet-scroll" tabIndex={0} role="region" aria-label={titleOf(state.view, item, texts.untitled)}>
        {item.case && <Subjects caseId={item.case} />}
        {item.case && theCase && <Items caseId={item.case} scope={theCase.scope} />}
      </div>
    </div>
  );

  function headLine({ purpose, track, phase, municipality, form }: Case): string {
    const words = [
      purpose && texts.purpose(purpose),
      track && texts.track(texts.tracks[track] ?? track),
      phase && texts.phase(phase),
      municipality,
      form,
    ];
    return words.filter(Boolean).join(" · ");
  }
}

/** Says that this is not what the meeting is about now, with the way back. */
function Elsewhere({ item }: { item: AgendaItem }): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const open = openItem(state.view);
  if (item.status === "open" || !open) return null;
  return (
    <p class="elsewhere">
      <span>{texts.viewing(titleOf(state.view, item, texts.untitled))}</span>
      <button type="button" class="link" onClick={() => room.set({ chosen: null })}>
        {texts.backToNow(titleOf(state.view, open.body, texts.untitled))}
      </button>
    </p>
  );
}

/** What this viewer sees, what not, and why. */
function Scope({ theCase }: { theCase: Case }): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  const [shown, show] = useState(false);
  return (
    <div class="scope">
      <Icon name="eye" />
      <div>
        <p>
          {sentence(theCase.scope, texts, room.category)}{" "}
          <button type="button" class="link" aria-expanded={shown} onClick={() => show(!shown)}>
            {shown ? texts.perKindClose : texts.perKind}
          </button>
        </p>
        {shown && (
          <dl class="scope-list">
            {inOrder(theCase.scope).map((entry) => (
              <div key={entry.category}>
                <dt>
                  <Icon name={ICONS[entry.category] ?? "circle"} />
                  {capital(room.category(entry.category))}
                </dt>
                <dd>{kindLine(entry, texts)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </div>
  );
}

function Search(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const field = useRef<HTMLInputElement>(null);
  const open = state.query !== null;
  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  if (state.query === null) return null;
  return (
    <div class="search" role="search">
      <label for="search-case">{texts.search}</label>
      <input
        id="search-case"
        ref={field}
        class="input"
        type="text"
        autocomplete="off"
        value={state.query}
        onInput={(event) => room.set({ query: event.currentTarget.value })}
      />
      <button type="button" class="button button-text button-small" onClick={() => room.set({ query: null })}>
        {texts.searchClose}
      </button>
    </div>
  );
}
