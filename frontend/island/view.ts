// The viewer's own view as the server gave it: a pure reducer and the questions asked of it.
import type { Action, AgendaItem, Bodies, Body, Case, Change, Conference, Snapshot, Uuid } from "./protocol.ts";

export type Kind = keyof Bodies;
export type View = ReadonlyMap<string, Body>;

export interface Kept<K extends Kind> {
  key: string;
  id: Uuid;
  body: Bodies[K];
}

export const EMPTY: View = new Map();

/** The view that a snapshot holds; what stood before counts no longer. */
export function taken(frame: Snapshot): View {
  return new Map(Object.entries(frame.view));
}

/** The view after a change: `gone` leaves, `put` comes or replaces. The old view is not touched. */
export function apply(view: View, frame: Change): View {
  const next = new Map(view);
  for (const key of frame.gone) next.delete(key);
  for (const [key, body] of Object.entries(frame.put)) next.set(key, body);
  return next;
}

/** Whether this frame comes directly after the last one; a hole means that one was lost. */
export function follows(last: number, frame: { cseq: number }): boolean {
  return frame.cseq === last + 1;
}

/** All objects of one kind, in the order in which they came. */
export function all<K extends Kind>(view: View, kind: K): Kept<K>[] {
  const found: Kept<K>[] = [];
  for (const [key, body] of view) {
    if (key.startsWith(`${kind}:`)) found.push({ key, id: key.slice(kind.length + 1), body: body as Bodies[K] });
  }
  return found;
}

export function one<K extends Kind>(view: View, kind: K, id: Uuid | null | undefined): Bodies[K] | null {
  return id ? ((view.get(`${kind}:${id}`) as Bodies[K] | undefined) ?? null) : null;
}

export function conference(view: View): Conference | null {
  return all(view, "conference")[0]?.body ?? null;
}

/** The viewer's own agenda, in its own numbering. */
export function agenda(view: View): Kept<"agenda_item">[] {
  return all(view, "agenda_item").sort((a, b) => a.body.number - b.body.number);
}

/** The item that is open now, as far as the viewer may see it. */
export function openItem(view: View): Kept<"agenda_item"> | null {
  return agenda(view).find(({ body }) => body.status === "open") ?? null;
}

export function nextItem(view: View): Kept<"agenda_item"> | null {
  return agenda(view).find(({ body }) => body.status === "planned") ?? null;
}

export function caseOf(view: View, item: AgendaItem | null): Case | null {
  return one(view, "case", item?.case);
}

/** What an agenda item is called: the case's code name, else its title; both where a case comes back. */
export function titleOf(view: View, item: AgendaItem, untitled: string): string {
  const code = caseOf(view, item)?.code_name;
  if (!code) return item.title || untitled;
  const again = agenda(view).filter(({ body }) => body.case === item.case).length > 1;
  return again && item.title ? `${code}: ${item.title}` : code;
}

export function subjectsOf(view: View, caseId: Uuid | null): Kept<"subject">[] {
  const order = new Intl.Collator("nl", { numeric: true });
  return all(view, "subject")
    .filter(({ body }) => body.case === caseId)
    .sort((a, b) => order.compare(a.body.handle, b.body.handle));
}

export function itemsOf(view: View, caseId: Uuid | null): Kept<"item">[] {
  return all(view, "item").filter(({ body }) => body.case === caseId);
}

type Placed = "minutes" | "decision" | "action";

/** Blocks, decisions or actions of one agenda item, the oldest first. */
export function under<K extends Placed>(view: View, kind: K, agendaItem: Uuid): Kept<K>[] {
  return all(view, kind)
    .filter(({ body }) => body.agenda_item === agendaItem)
    .sort((a, b) => a.body.at.localeCompare(b.body.at));
}

/** Whole days that an open action is past its due day; 0 when it is not. */
export function daysLate(action: Action, today: string): number {
  if (action.status === "done" || !(action.due < today)) return 0;
  return Math.round((Date.parse(today) - Date.parse(action.due)) / 86_400_000);
}
