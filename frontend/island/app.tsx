// The room as a whole: which of its faces is shown, its columns, and the voice for who listens.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Agenda } from "./agenda.tsx";
import { Arrange } from "./arrange.tsx";
import { Trouble } from "./bar.tsx";
import { Composer } from "./composer.tsx";
import { useRoom } from "./context.ts";
import { Before, Blank, Ended, Wait } from "./door.tsx";
import { Help } from "./help.tsx";
import { Icon } from "./icon.tsx";
import { Actions, Decisions, Minutes } from "./outcomes.tsx";
import { People } from "./people.tsx";
import { Sheet } from "./sheet.tsx";
import type { Panel } from "./store.ts";
import { under } from "./view.ts";
import { Refused, Waiting } from "./waiting.tsx";

export function App(): JSX.Element {
  const room = useRoom();
  const { state } = room;
  useKeptFocus();
  return (
    <>
      <Face />
      <p class="hidden-visually" role="status" aria-live="polite">{state.blank ? "" : state.said}</p>
    </>
  );
}

function Face(): JSX.Element {
  const { state, texts } = useRoom();
  if (state.phase === "ended" && state.end) return <Ended end={state.end} />;
  if (state.phase === "door") return <Before />;
  if (state.blank) return <Blank />;
  if (state.hadView) return <Table />;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Trouble />
      <p class="lead" role="status">{texts.connecting}</p>
    </main>
  );
}

function Table(): JSX.Element {
  const room = useRoom();
  const { state } = room;
  const shown = room.shown();
  return (
    <div class={`room panel-${state.panel}`}>
      <Trouble />
      <div class="room-grid">
        <aside class="rail" aria-label={room.texts.agenda}>
          <Agenda />
          <Arrange />
          <People />
        </aside>
        <main id="main" class={shown ? "table-top" : "table-top is-waiting"} tabIndex={-1}>
          {shown ? <Sheet /> : <Wait />}
          <div class="outcomes" tabIndex={0} role="region" aria-label={room.texts.outcomes}>
            <Waiting />
            <Decisions />
            <Actions />
            <Minutes />
          </div>
          <div class="writing">
            <Refused />
            <Composer />
          </div>
        </main>
      </div>
      <Panels />
      <Help />
    </div>
  );
}

const PANELS: [Panel, string][] = [
  ["case", "file-text"],
  ["minutes", "message-2"],
  ["decisions", "gavel"],
  ["actions", "list-check"],
  ["table", "users"],
];

/** Where there is no room for columns: one part at a time, chosen at the bottom (or top) of the screen. */
function Panels(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const shown = room.shown();
  const counts: Partial<Record<Panel, number>> = {
    decisions: shown ? under(state.view, "decision", shown).length : 0,
    actions: shown ? under(state.view, "action", shown).filter(({ body }) => body.status === "open").length : 0,
    table: state.people.length,
  };
  const names: Record<Panel, string> = {
    case: texts.caseTab,
    minutes: texts.minutes,
    decisions: texts.decisions,
    actions: texts.actions,
    table: texts.table,
  };
  return (
    <nav class="panels" aria-label={texts.parts}>
      {PANELS.map(([panel, icon]) => (
        <button key={panel} type="button" class={`panel-tab tab-${panel}`} aria-pressed={state.panel === panel} onClick={() => room.set({ panel })}>
          <span class="panel-icon">
            <Icon name={icon} />
            {!!counts[panel] && <b class="figures">{counts[panel]}</b>}
          </span>
          {names[panel]}
        </button>
      ))}
    </nav>
  );
}

/** When the part that had the focus goes away, its region's heading takes it: focus never falls to the page. */
function useKeptFocus(): void {
  const last = useRef<{ element: Element; region: string | undefined } | null>(null);
  useEffect(() => {
    const noted = (event: FocusEvent): void => {
      if (!(event.target instanceof HTMLElement)) return;
      last.current = { element: event.target, region: event.target.closest<HTMLElement>("[data-region]")?.dataset.region };
    };
    document.addEventListener("focusin", noted);
    return () => document.removeEventListener("focusin", noted);
  }, []);
  useLayoutEffect(() => {
    window.queueMicrotask(() => {
      const held = last.current;
      if (!held || held.element.isConnected || document.activeElement !== document.body) return;
      last.current = null;
      const home = document.querySelector<HTMLElement>(`[data-region="${held.region ?? ""}"] [data-home]`);
      const next = home ?? document.getElementById("compose-text") ?? document.querySelector<HTMLElement>("[data-home]");
      next?.focus();
    });
  });
}
