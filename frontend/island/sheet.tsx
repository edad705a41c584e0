// The sheet on the table: one case, or a general point, as this viewer sees it.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Consent } from "./consent.tsx";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import { Items } from "./items.tsx";
import { Subjects } from "./subjects.tsx";
import { kindLine, ICONS, inOrder, sentence } from "./scope.ts";
import type { AgendaItem, Case, Uuid } from "./protocol.ts";
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
          {theCase && <HeadLine theCase={theCase} />}
        </div>
        <ItemTimer item={item} />
      </header>
      <TimeBar item={item} />
      {theCase ? <Scope theCase={theCase} caseId={item.case ?? ""} /> : <p class="scope"><Icon name="eye" /><span>{texts.generalPoint}</span></p>}
      {theCase && <Consent item={item} theCase={theCase} />}
      <Search />
      <div class="sheet-scroll" tabIndex={0} role="region" aria-label={titleOf(state.view, item, texts.untitled)}>
        {item.case && <Subjects caseId={item.case} />}
        {item.case && theCase && <Items caseId={item.case} scope={theCase.scope} />}
      </div>
    </div>
  );
}

/** Purpose, track, phase and place; on a phone only the last two. */
function HeadLine({ theCase }: { theCase: Case }): JSX.Element {
  const { texts } = useRoom();
  const { purpose, track, phase, municipality, form } = theCase;
  const wide = [purpose && texts.purpose(purpose), track && texts.track(texts.tracks[track] ?? track)].filter(Boolean);
  const always = [phase && texts.phase(phase), municipality, form].filter(Boolean);
  return (
    <p class="sheet-line">
      {wide.length > 0 && <span class="wide-only">{wide.join(" · ")}{always.length > 0 && " · "}</span>}
      {always.join(" · ")}
    </p>
  );
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
function Scope({ theCase, caseId }: { theCase: Case; caseId: Uuid }): JSX.Element {
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
        {shown && room.may("consent.withdraw") && (
          <p><a href={`/cases/${caseId}/`} target="_blank" rel="noopener">{texts.casePage}</a></p>
        )}
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
