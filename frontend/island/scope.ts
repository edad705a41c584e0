// The sentence above a case: what this viewer sees, what not, and why. It speaks of covenant and
// register only, so it reads the same whether there is anything in the case or not.
import type { CategoryScope } from "./protocol.ts";
import { capital, list, type Texts } from "./texts.ts";

/** The fixed order in which categories stand on the screen; others follow behind. */
export const ORDER = ["id", "bsn", "pol", "jus", "hnd", "won", "rel", "hlp", "vzn", "gez", "fin", "vbl", "adr", "prc"];

export const ICONS: Record<string, string> = {
  id: "user",
  bsn: "number-123",
  pol: "shield",
  jus: "scale",
  hnd: "building-bank",
  won: "home",
  rel: "users",
  hlp: "heart-handshake",
  vzn: "clipboard-list",
  gez: "stethoscope",
  fin: "coin-euro",
  vbl: "id",
  adr: "home-shield",
  prc: "gavel",
};

export function place(category: string): number {
  const at = ORDER.indexOf(category);
  return at < 0 ? ORDER.length : at;
}

export function inOrder<T extends { category: string }>(things: readonly T[]): T[] {
  return [...things].sort((a, b) => place(a.category) - place(b.category));
}

/** The whole sentence; `name`: the word for a category. */
export function sentence(scope: readonly CategoryScope[], texts: Texts, name: (category: string) => string): string {
  const ordered = inOrder(scope);
  const named = ordered.filter(({ level }) => level === "identified").length;
  const pseudonym = ordered.filter(({ level }) => level === "pseudonymised").length;
  const none = ordered.filter(({ level }) => level === "none");
  const seen = seenPart(named, pseudonym, texts);
  return none.length === 0 ? `${seen}.` : `${seen}; ${unseenPart(none, texts, name)}.`;
}

function seenPart(named: number, pseudonym: number, texts: Texts): string {
  const said = texts.scope;
  const kinds = (count: number): string => said.kinds(texts.number(count), count);
  if (named && pseudonym) return said.both(kinds(named), texts.number(pseudonym));
  if (named) return said.named(kinds(named));
  return pseudonym ? said.pseudonym(kinds(pseudonym)) : said.nothing;
}

/** One reason for all: a plain clause. Several: each group with its reason in brackets. */
function unseenPart(none: readonly CategoryScope[], texts: Texts, name: (category: string) => string): string {
  const groups = new Map<string, string[]>();
  for (const { category, reason } of none) groups.set(reason, [...(groups.get(reason) ?? []), name(category)]);
  const covenantOnly = groups.size === 1 ? groups.get("not_in_covenant") : undefined;
  if (covenantOnly) return texts.scope.allRest(list(texts, covenantOnly));
  const parts = [...groups].map(([reason, words]) => {
    const why = texts.scope.why[reason]?.(words.length > 1) ?? texts.scope.whyElse;
    return `${list(texts, words)} (${why})`;
  });
  return texts.scope.rest(list(texts, parts));
}

/** What the list "per soort" says of one category. */
export function kindLine(entry: CategoryScope, texts: Texts): string {
  if (entry.level === "none") return texts.kindNone[entry.reason] ?? texts.kindNoneElse;
  const level = entry.level === "identified" ? texts.named : texts.pseudonymised;
  if (entry.reason === "consent") return capital(`${level}, ${texts.byConsent}.`);
  if (entry.reason === "exception") return capital(`${level}, ${texts.byException}.`);
  return capital(`${level}.`);
}

/** Who reads a text of this category, as one sentence behind "Dit lezen:". */
export function readersLine(entry: CategoryScope | null, texts: Texts, party: (id: string) => string): string {
  if (!entry) return `${texts.readByAll}.`;
  const readers = entry.readers.map(party);
  const first = readers.length ? list(texts, readers) : texts.readByNone;
  const parts = [first];
  if (readers.length) parts.push(entry.category === "prc" ? texts.namesPseudonym : texts.namesEach);
  const gated = entry.readers_with_consent.filter((id) => !entry.readers.includes(id)).map(party);
  if (gated.length) parts.push(texts.withConsent(list(texts, gated)));
  return `${parts.join("; ")}.`;
}
