// People in a text: as chips when it is read, as "@betrokkene 1" while it is written,
// as {subject:<id>} when it is sent. A text never holds a name.
import type { Mention, Subject, Uuid } from "./protocol.ts";
import type { Kept } from "./view.ts";

export type Segment =
  | { kind: "text"; text: string }
  | { kind: "person"; named: boolean; text: string; handle: string; pseudonym: string; first: boolean };

/** A text cut at its mentions (UTF-16 offsets, as strings here have them); `first`: first of this person in the text. */
export function segments(text: string, mentions: readonly Mention[]): Segment[] {
  const cut: Segment[] = [];
  const met = new Set<Uuid>();
  let at = 0;
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    if (mention.start < at || mention.end > text.length) continue;
    if (mention.start > at) cut.push({ kind: "text", text: text.slice(at, mention.start) });
    const { named, handle, pseudonym, subject } = mention;
    const shown = text.slice(mention.start, mention.end);
    cut.push({ kind: "person", named, text: shown, handle, pseudonym, first: !met.has(subject) });
    met.add(subject);
    at = mention.end;
  }
  if (at < text.length) cut.push({ kind: "text", text: text.slice(at) });
  return cut;
}

/** The six symbols that people read out: "QH7M-2X". */
export function shortPseudonym(pseudonym: string): string {
  const symbols = pseudonym.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  return `${symbols.slice(0, 4)}-${symbols.slice(4, 6)}`;
}

export interface Written {
  /** The text as it is sent. */
  text: string;
  /** "@..." that names nobody of this case. */
  unknown: string[];
  /** Names of people of this case that stand in it in full. */
  names: string[];
}

/** What was typed, with each "@handle" of this case's people as a mention. */
export function toWire(typed: string, people: readonly Kept<"subject">[]): Written {
  const handles = [...people].sort((a, b) => b.body.handle.length - a.body.handle.length);
  const unknown: string[] = [];
  let text = "";
  for (let at = 0; at < typed.length; ) {
    if (typed[at] !== "@" || /[\p{L}\p{N}]/u.test(typed[at - 1] ?? "")) {
      text += typed[at];
      at += 1;
      continue;
    }
    const rest = typed.slice(at + 1);
    const found = handles.find(({ body }) => startsWithHandle(rest, body.handle));
    if (found) {
      text += `{subject:${found.id}}`;
      at += 1 + found.body.handle.length;
    } else {
      const word = /^[\p{L}\p{N}]*(?: \d+)?/u.exec(rest)?.[0] ?? "";
      unknown.push(`@${word}`);
      text += "@";
      at += 1;
    }
  }
  const names = people.map(({ body }) => body.name).filter((name): name is string => !!name && typed.includes(name));
  return { text: text.trim(), unknown, names };
}

function startsWithHandle(rest: string, handle: string): boolean {
  if (!rest.toLowerCase().startsWith(handle.toLowerCase())) return false;
  return !/[\p{L}\p{N}]/u.test(rest[handle.length] ?? "");
}

/** What is typed after the last "@" before the caret, or null when no mention is being written. */
export function beingNamed(typed: string, caret: number): { from: number; part: string } | null {
  const before = typed.slice(0, caret);
  const from = before.lastIndexOf("@");
  if (from < 0 || /[\p{L}\p{N}]/u.test(before[from - 1] ?? "")) return null;
  const part = before.slice(from + 1);
  return part.length > 24 || /[\n.,;:!?]/.test(part) || /\d\s/.test(part) ? null : { from, part };
}

/** The people of the case that fit what was typed after the "@". */
export function fitting(people: readonly Kept<"subject">[], part: string): Kept<"subject">[] {
  const asked = part.trim().toLowerCase();
  const fits = ({ handle, name, role }: Subject): boolean =>
    [handle, name ?? "", role].some((word) => word.toLowerCase().includes(asked));
  return people.filter(({ body }) => fits(body)).slice(0, 6);
}
