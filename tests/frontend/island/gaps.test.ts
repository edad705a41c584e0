import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { GAP_ICONS, gapLine, gapNote, neverAsked, pressing, registerPage } from "../../../frontend/island/gaps.ts";
import type { ConsentGap } from "../../../frontend/island/protocol.ts";
import { capital, textsFor } from "../../../frontend/island/texts.ts";
import { id, KIEVIT, NOOR } from "./world.ts";

const nl = textsFor("nl");
const en = textsFor("en-GB");
const names: Record<string, string> = { gez: "gezondheid", hlp: "hulp en zorg", won: "wonen" };
const name = (code: string): string => names[code] ?? code;

const gap = (state: ConsentGap["state"], over: Partial<ConsentGap> = {}): ConsentGap => ({
  subject: NOOR, handle: "betrokkene 1", party: "kwintes", categories: ["gez"], state, day: null, next: "ask", ...over,
});

const EVERY = Object.keys(GAP_ICONS) as ConsentGap["state"][];

test("what ends soon stands first, what was never asked stands apart", () => {
  const gaps = EVERY.map((state) => gap(state));
  assert.deepEqual(pressing(gaps).map(({ state }) => state), [
    "expiring", "expired", "withdrawn", "refused", "invalid", "later", "asked", "deferred",
  ]);
  assert.deepEqual(neverAsked(gaps).map(({ state }) => state), ["missing"]);
  assert.equal(pressing(gaps).length + neverAsked(gaps).length, gaps.length);
});

test("gaps of one state stay in the order of the server", () => {
  const gaps = [gap("refused", { party: "politie" }), gap("expiring", { party: "ggz" }), gap("refused", { party: "kwintes" })];
  assert.deepEqual(pressing(gaps).map(({ party }) => party), ["ggz", "politie", "kwintes"]);
});

test("the agenda says in a few words how much asks for a look, and nothing when nothing is lacking", () => {
  assert.equal(gapNote([], nl), null);
  assert.equal(gapNote([gap("missing"), gap("missing")], nl), "toestemming: nog niet alles gevraagd");
  assert.equal(gapNote([gap("missing"), gap("expiring")], nl), "toestemming: 1 aandachtspunt");
  assert.equal(gapNote([gap("withdrawn"), gap("expiring")], en), "consent: 2 points to look at");
});

test("a line names the organisation, the person by handle, and the kinds in the fixed order", () => {
  const missing = gap("missing", { categories: ["gez", "hlp", "won"] });
  assert.equal(gapLine(missing, nl, capital, name), "Kwintes, over betrokkene 1: wonen, hulp en zorg en gezondheid");
  assert.equal(gapLine(missing, en, capital, name), "Kwintes, about betrokkene 1: wonen, hulp en zorg and gezondheid");
});

test("a day says whether it is the last or the first", () => {
  assert.equal(gapLine(gap("expiring", { day: "2026-11-30" }), nl, capital, name), "Kwintes, over betrokkene 1: gezondheid, tot en met ma 30 november");
  assert.equal(gapLine(gap("later", { day: "2026-12-03" }), nl, capital, name), "Kwintes, over betrokkene 1: gezondheid, vanaf do 3 december");
});

test("the way to the register holds ids only", () => {
  assert.equal(registerPage(KIEVIT, gap("missing")), `/cases/${KIEVIT}/consent/${NOOR}/`);
  assert.notEqual(registerPage(id(11), gap("missing")), registerPage(KIEVIT, gap("missing")));
});

test("every state has a word and a next step in both languages, and an outline that is there", () => {
  // The tests run where they are built, in frontend/node_modules/.island-tests.
  const drawn = new Set(readdirSync(new URL("../../icons", import.meta.url)).map((file) => file.replace(".svg", "")));
  for (const state of EVERY) {
    assert.ok(nl.consent.states[state].length > 3);
    assert.ok(en.consent.states[state].length > 3);
    assert.ok(drawn.has(GAP_ICONS[state]), GAP_ICONS[state]);
  }
  for (const next of ["ask", "renew", "wait", "leave"] as const) assert.ok(nl.consent.next[next].endsWith("."));
});
