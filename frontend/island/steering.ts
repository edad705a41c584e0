// What the chair's keys and buttons do with the agenda.
import type { Room } from "./store.ts";
import { agenda, nextItem, openItem } from "./view.ts";

/** Begin the next planned item, by which the open one closes; after the last only close. */
export function nextOne(room: Room): void {
  if (room.state.phase !== "live" || !room.may("agenda_item.start")) return;
  const open = openItem(room.state.view);
  const next = nextItem(room.state.view);
  if (next) room.give("agenda_item.start", { key: next.key }, next.body.version);
  else if (open) room.give("agenda_item.close", { key: open.key }, open.body.version);
}

/** Move a planned item one place earlier (-1) or later (+1). */
export function move(room: Room, key: string, by: -1 | 1): void {
  const items = agenda(room.state.view);
  const at = items.findIndex((item) => item.key === key);
  const after = by < 0 ? items[at - 2] : items[at + 1];
  const item = items[at];
  if (!item || (by > 0 && !after) || (by < 0 && at === 0)) return;
  room.give("agenda_item.move", { key, after: after?.key ?? null }, item.body.version);
}
