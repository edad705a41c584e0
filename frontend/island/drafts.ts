// What is being written: one draft per tab, kept here and not in the page, so that no frame,
// no next item and no blank screen can move or lose it. Pure.
import type { Commands, Uuid } from "./protocol.ts";
import { readDay } from "./clock.ts";
import { toWire } from "./mentions.ts";
import type { Do } from "./queue.ts";
import { one, subjectsOf, type View } from "./view.ts";

export const TABS = ["minutes", "decision", "action", "dissent", "own"] as const;
export type Tab = (typeof TABS)[number];

export interface Draft {
  text: string;
  /** The agenda item that it belongs to, from the first letter on; null while it is empty. */
  target: Uuid | null;
  category: string;
  about: string;
  owner: string;
  due: string;
  decision: string;
  kind: "feit" | "oordeel";
  basis: string;
  subject: string;
  notFor: string[];
}

export const BLANK: Draft = {
  text: "",
  target: null,
  category: "prc",
  about: "",
  owner: "",
  due: "",
  decision: "",
  kind: "feit",
  basis: "",
  subject: "",
  notFor: [],
};

export type Drafts = Readonly<Record<Tab, Draft>>;

export const NO_DRAFTS: Drafts = { minutes: BLANK, decision: BLANK, action: BLANK, dissent: BLANK, own: BLANK };

/** The draft after a stroke; its first letter binds it to the item on the screen, an emptied one is free again. */
export function typed(draft: Draft, change: Partial<Draft>, shown: Uuid | null): Draft {
  const next = { ...draft, ...change };
  return { ...next, target: next.text === "" ? null : (draft.target ?? shown) };
}

/** The item that the composer writes for: where the text began, else what is on the screen. */
export function targetOf(draft: Draft, shown: Uuid | null): Uuid | null {
  return draft.target ?? shown;
}

export type Problem =
  | { code: "empty" | "owner" | "due" | "decision" | "basis" | "long" | "noCase"; field: string }
  | { code: "unknown" | "names"; field: string; words: string[] };

export interface Ready {
  do: Do;
  with: Commands[Do];
  expect: string | null;
}

const LONGEST = 4000;

/** The command that a draft makes, or what is still wrong with it. `today`: "2026-11-23". */
export function command(tab: Tab, draft: Draft, view: View, target: Uuid, today: string): Ready | Problem[] {
  const item = one(view, "agenda_item", target);
  const people = subjectsOf(view, item?.case ?? null);
  const written = toWire(draft.text, people);
  const problems = textProblems(written);
  const about = draft.about ? { about: draft.about } : {};
  const words = { agenda_item: target, text: written.text, category: draft.category, ...about };
  if (tab === "minutes") return done(problems, "minutes.write", words);
  if (tab === "decision") return done(problems, "decision.propose", words);
  if (tab === "action") return action(problems, words, draft, today);
  if (tab === "dissent") return dissent(problems, draft, written.text, view);
  return own(problems, draft, written.text, item?.case ?? null);
}

function textProblems({ text, unknown, names }: ReturnType<typeof toWire>): Problem[] {
  const problems: Problem[] = [];
  if (text === "") problems.push({ code: "empty", field: "text" });
  if (text.length > LONGEST) problems.push({ code: "long", field: "text" });
  if (unknown.length) problems.push({ code: "unknown", field: "text", words: unknown });
  if (names.length) problems.push({ code: "names", field: "text", words: names });
  return problems;
}

function done(problems: Problem[], verb: Do, args: Commands[Do], expect: string | null = null): Ready | Problem[] {
  return problems.length ? problems : { do: verb, with: args, expect };
}

function action(problems: Problem[], words: Commands["minutes.write"], draft: Draft, today: string): Ready | Problem[] {
  const due = readDay(draft.due, today);
  const wrong = [...problems];
  if (!draft.owner) wrong.push({ code: "owner", field: "owner" });
  if (!due) wrong.push({ code: "due", field: "due" });
  return done(wrong, "action.add", { ...words, owner: draft.owner, due: due ?? "" });
}

function dissent(problems: Problem[], draft: Draft, reason: string, view: View): Ready | Problem[] {
  const chosen = view.has(draft.decision);
  const wrong: Problem[] = chosen ? problems : [...problems, { code: "decision", field: "decision" }];
  return done(wrong, "decision.dissent", { key: draft.decision, reason });
}

function own(problems: Problem[], draft: Draft, text: string, caseId: Uuid | null): Ready | Problem[] {
  const wrong = [...problems];
  if (!draft.basis.trim()) wrong.push({ code: "basis", field: "basis" });
  if (caseId === null) wrong.push({ code: "noCase", field: "text" });
  const { category, kind } = draft;
  const rest = { subject: draft.subject || null, not_for: draft.notFor };
  return done(wrong, "item.prepare", { case: caseId ?? "", category, kind, basis: draft.basis.trim(), text, ...rest });
}
