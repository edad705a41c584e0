// The viewer's own agenda, and for who leads the meeting the button to the next item.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useRoom } from "./context.ts";
import { gapNote } from "./gaps.ts";
import { Icon } from "./icon.tsx";
import { nextOne } from "./steering.ts";
import { agenda, caseOf, itemsOf, type Kept, nextItem, openItem, titleOf } from "./view.ts";

export function Agenda(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const [unfolded, unfold] = useState(false);
  const items = agenda(state.view);
  const leads = room.may("agenda_item.start");
  const shown = items.find(({ id }) => id === room.shown());
  return (
    <section class="agenda" data-region="agenda" aria-labelledby="agenda-title">
      <h2 id="agenda-title" class="rail-title" tabIndex={-1} data-home>
        {leads ? texts.agenda : texts.yourAgenda}
      </h2>
      <div class="agenda-line">
        <button type="button" class="agenda-fold" aria-expanded={unfolded} onClick={() => unfold(!unfolded)}>
          <span class="soft">{texts.position(shown?.body.number ?? 0, items.length)}</span>{" "}
          <strong>{shown ? titleOf(state.view, shown.body, texts.untitled) : texts.agenda}</strong>
          <Icon name="chevron-down" />
        </button>
        {leads && <Steer short />}
      </div>
      <ol class={unfolded ? "agenda-list unfolded" : "agenda-list"}>
        {items.map((item) => (
          <Row key={item.key} item={item} shown={item.id === shown?.id} onChosen={() => unfold(false)} />
        ))}
      </ol>
      {leads && <Steer />}
    </section>
  );
}

interface RowProps {
  item: Kept<"agenda_item">;
  shown: boolean;
  onChosen: () => void;
}

function Row({ item, shown, onChosen }: RowProps): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const { body } = item;
  const now = body.status === "open";
  const choose = (): void => {
    room.set({ chosen: now ? null : item.id, panel: "case" });
    onChosen();
  };
  return (
    <li>
      <button
        type="button"
        class={`agenda-row is-${body.status}${shown ? " is-shown" : ""}`}
        aria-current={now ? "step" : undefined}
        aria-pressed={shown}
        onClick={choose}
      >
        <span class="agenda-number figures">
          {body.status === "closed" ? <Icon name="check" /> : body.number}
          {body.status === "closed" && <span class="hidden-visually">{texts.stateDone}</span>}
        </span>
        <span class="agenda-name">
          {titleOf(state.view, body, texts.untitled)}
          <RowNote item={item} />
          <ConsentNote item={item} />
        </span>
        <span class="agenda-minutes figures">{texts.minutesShort(body.minutes)}</span>
      </button>
    </li>
  );
}

function RowNote({ item }: { item: Kept<"agenda_item"> }): JSX.Element | null {
  const { state, texts } = useRoom();
  if (item.body.status === "open") return <span class="agenda-note">{texts.nowOn}</span>;
  const ready = item.body.case ? itemsOf(state.view, item.body.case).filter(({ body }) => body.own && body.status === "draft").length : 0;
  return ready ? <span class="agenda-note">{texts.ownReady(ready)}</span> : null;
}

/** Beside an item that has not begun: a quiet word that consent is lacking, for who has a step to take. */
function ConsentNote({ item }: { item: Kept<"agenda_item"> }): JSX.Element | null {
  const { state, texts } = useRoom();
  const gaps = item.body.status === "planned" ? (caseOf(state.view, item.body)?.consent ?? []) : [];
  const words = gapNote(gaps, texts);
  return words ? <span class="agenda-note agenda-consent"><Icon name="heart-handshake" />{words}</span> : null;
}

/** The one filled button of the rail: on to the next item. Without a line it makes place for a sentence. */
function Steer({ short = false }: { short?: boolean }): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  if (state.trouble) return short ? null : <p class="steer-later">{texts.steerLater}</p>;
  const next = nextItem(state.view);
  const open = openItem(state.view);
  if (!next && !open) return null;
  const title = next ? titleOf(state.view, next.body, texts.untitled) : "";
  const words = !next ? texts.closeLast : open ? texts.next(title) : texts.first(title);
  return (
    <button type="button" class={short ? "button steer steer-short" : "button button-wide steer"} onClick={() => nextOne(room)}>
      {short && next && open ? (
        <span>{texts.nextShort}<span class="hidden-visually">: {title}</span></span>
      ) : (
        <span>{words}</span>
      )}
      <Icon name="arrow-right" />
    </button>
  );
}
