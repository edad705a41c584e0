// Keys for who keeps her hands on the keyboard; letters do nothing in a field and can be switched off.
import { tabsFor } from "./composer.tsx";
import type { Tab } from "./drafts.ts";
import { nextOne } from "./steering.ts";
import { IDLE_MS, type Room } from "./store.ts";

const TWICE_MS = 600;

/** Listen on the whole page, and blank the screen when nobody touches anything for three minutes. */
export function listen(room: Room): void {
  let escaped = Number.NEGATIVE_INFINITY;
  let touched = performance.now();
  const touch = (): void => {
    touched = performance.now();
  };
  document.addEventListener("keydown", (event) => {
    touch();
    if (event.altKey && event.code === "KeyP") {
      event.preventDefault();
      room.set({ blank: !room.state.blank });
    } else if (event.key === "Escape") {
      if (event.timeStamp - escaped < TWICE_MS) room.set({ blank: true });
      escaped = event.timeStamp;
      if (room.state.help) room.set({ help: false });
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) letter(room, event);
  });
  for (const kind of ["pointerdown", "pointermove", "wheel", "touchstart"]) {
    document.addEventListener(kind, touch, { passive: true });
  }
  window.setInterval(() => {
    const inside = room.state.phase === "live" || room.state.phase === "lost";
    if (inside && !room.state.blank && performance.now() - touched > IDLE_MS) room.set({ blank: true });
  }, 1000);
}

function letter(room: Room, event: KeyboardEvent): void {
  const { state } = room;
  if (!state.keys || state.blank || !state.hadView || inField(event.target)) return;
  const run = COMMANDS[event.key.toLowerCase()];
  if (!run) return;
  event.preventDefault();
  run(room);
}

const COMMANDS: Record<string, (room: Room) => void> = {
  n: nextOne,
  b: (room) => write(room, "decision"),
  a: (room) => write(room, "action"),
  "/": (room) => room.set({ query: room.state.query ?? "", panel: "case" }),
  "?": (room) => room.set({ help: !room.state.help }),
};

function write(room: Room, tab: Tab): void {
  if (!tabsFor(room).includes(tab)) return;
  room.set({ tab, problems: [] });
  window.requestAnimationFrame(() => document.getElementById("compose-text")?.focus());
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
