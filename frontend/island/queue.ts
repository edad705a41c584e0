// Commands that are on their way: kept until the server says yes or no, sent again once after a break.
// Pure: each function gives a new list.
import type { Commands, Uuid } from "./protocol.ts";

export type Do = keyof Commands;

/** What of a text command is shown again when it waits or is refused. */
export interface Written {
  tab: string;
  text: string;
  about: string;
}

export interface Pending {
  id: Uuid;
  do: Do;
  with: Commands[Do];
  expect: string | null;
  state: "waiting" | "sent" | "refused";
  /** When it was given, ms of this machine. */
  at: number;
  written: Written | null;
  /** What stood on the screen when the command was given: told beside `current` after a conflict. */
  read: string | null;
  code: string | null;
  current: unknown;
}

export type Queue = readonly Pending[];

export function added(queue: Queue, command: Pending): Queue {
  return [...queue, command];
}

/** After "yes": it is in the view now, or will be with the next frame. */
export function settled(queue: Queue, id: Uuid): Queue {
  return queue.filter((command) => command.id !== id);
}

export function refused(queue: Queue, id: Uuid, code: string, current: unknown): Queue {
  return queue.map((command) => (command.id === id ? { ...command, state: "refused", code, current } : command));
}

export function sent(queue: Queue, id: Uuid): Queue {
  return queue.map((command) => (command.id === id ? { ...command, state: "sent" } : command));
}

/** What has to be sent (again) once the view is back; the same ids, so that a repeat does no harm. */
export function outstanding(queue: Queue): Pending[] {
  return queue.filter(({ state }) => state !== "refused");
}

/** Only what never left this window can still be taken back. */
export function removable({ state }: Pending): boolean {
  return state !== "sent";
}

/** The frame as it goes over the line. */
export function frameOf({ id, do: verb, with: args, expect }: Pending): object {
  return { id, do: verb, expect, with: args };
}
