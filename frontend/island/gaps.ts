// Which consent a case still lacks, in the order in which it asks for a step. Told to chair, process and
// care coordinator only; for everybody else the list is empty, so nothing is drawn.
import { shortDay } from "./clock.ts";
import { inOrder } from "./scope.ts";
import type { ConsentGap, Uuid } from "./protocol.ts";
import { list, type Texts } from "./texts.ts";

export const GAP_ICONS: Record<ConsentGap["state"], string> = {
  missing: "circle-dashed",
  asked: "message-question",
  deferred: "hourglass",
  refused: "hand-stop",
  later: "clock",
  expiring: "calendar-exclamation",
  expired: "calendar-x",
  withdrawn: "arrow-back-up",
  invalid: "ban",
};

const FIRST: ConsentGap["state"][] = ["expiring", "expired", "withdrawn", "refused", "invalid", "later", "asked", "deferred"];

/** What somebody said or what ends soon, the most pressing first; without what was never asked. */
export function pressing(gaps: readonly ConsentGap[]): ConsentGap[] {
  return gaps
    .filter(({ state }) => state !== "missing")
    .sort((a, b) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state));
}

export function neverAsked(gaps: readonly ConsentGap[]): ConsentGap[] {
  return gaps.filter(({ state }) => state === "missing");
}

/** The few words beside an agenda item; null when nothing is lacking. */
export function gapNote(gaps: readonly ConsentGap[], texts: Texts): string | null {
  const count = pressing(gaps).length;
  if (count) return texts.consent.points(count);
  return gaps.length ? texts.consent.notAllAsked : null;
}

/** "Kwintes, over betrokkene 1: gezondheid, t/m ma 30 november". */
export function gapLine(gap: ConsentGap, texts: Texts, party: (id: string) => string, category: (code: string) => string): string {
  const kinds = list(texts, inOrder(gap.categories.map((one) => ({ category: one }))).map((one) => category(one.category)));
  const line = texts.consent.about(party(gap.party), gap.handle, kinds);
  if (!gap.day) return line;
  const day = shortDay(gap.day, texts.locale);
  return `${line}, ${gap.state === "later" ? texts.consent.from(day) : texts.consent.until(day)}`;
}

/** The telephone page of one betrokkene's register. */
export function registerPage(caseId: Uuid, gap: ConsentGap): string {
  return `/cases/${caseId}/consent/${gap.subject}/`;
}
