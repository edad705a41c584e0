import assert from "node:assert/strict";
import test from "node:test";
import { BLANK, command, type Draft, type Problem, type Ready, type Tab } from "../../../frontend/island/drafts.ts";
import { decision, id, ITEM_NEXT, ITEM_NOW, KIEVIT, NOOR, view } from "./world.ts";

const TODAY = "2026-11-23";
const KEY = `decision:${id(50)}`;
const world = new Map([...view(), [KEY, decision("Opvang loopt door")]]);
const draft = (over: Partial<Draft>): Draft => ({ ...BLANK, ...over });
const made = (tab: Tab, over: Partial<Draft>, item = ITEM_NOW): Ready | Problem[] => command(tab, draft(over), world, item, TODAY);

function codes(answer: Ready | Problem[]): string[] {
  assert.ok(Array.isArray(answer));
  return answer.map(({ code }) => code);
}

test("a block of minutes needs words, and nothing else", () => {
  assert.deepEqual(codes(made("minutes", { text: "   " })), ["empty"]);
  assert.deepEqual(made("minutes", { text: "Kort" }), {
    do: "minutes.write", with: { agenda_item: ITEM_NOW, text: "Kort", category: "prc" }, expect: null,
  });
});

test("a text about an item points at it", () => {
  const ready = made("decision", { text: "Kort", category: "pol", about: `item:${id(30)}` }) as Ready;
  assert.equal(ready.do, "decision.propose");
  assert.equal((ready.with as { about?: string }).about, `item:${id(30)}`);
});

test("an action says everything that is missing at once", () => {
  assert.deepEqual(codes(made("action", { due: "morgen" })), ["empty", "owner", "due"]);
});

test("an action's day is read as it is typed here", () => {
  const ready = made("action", { text: "Bel @betrokkene 1", owner: "om", due: "30-11" }) as Ready;
  assert.deepEqual(ready.with, {
    agenda_item: ITEM_NOW, text: `Bel {subject:${NOOR}}`, category: "prc", owner: "om", due: "2026-11-30",
  });
});

test("an objection belongs to a decision that is still there", () => {
  assert.deepEqual(codes(made("dissent", { text: "Te kort", decision: `decision:${id(77)}` })), ["decision"]);
  assert.deepEqual(made("dissent", { text: "Te kort", decision: KEY }), {
    do: "decision.dissent", with: { key: KEY, reason: "Te kort" }, expect: null,
  });
});

test("an own item needs a ground and a case", () => {
  assert.deepEqual(codes(made("own", { text: "Feit" }, ITEM_NEXT)), ["basis", "noCase"]);
  const ready = made("own", { text: "Feit", basis: " Wpg 20 ", category: "pol", notFor: ["kwintes"], subject: NOOR }) as Ready;
  assert.deepEqual(ready.with, {
    case: KIEVIT, category: "pol", kind: "feit", basis: "Wpg 20", text: "Feit", subject: NOOR, not_for: ["kwintes"],
  });
});

test("an unknown handle and a written name stop every text", () => {
  assert.deepEqual(codes(made("minutes", { text: "@betrokkene 9 en Noor Fictief" })), ["unknown", "names"]);
});

test("people of the case on the screen are not people of a general point", () => {
  assert.deepEqual(codes(made("minutes", { text: "@betrokkene 1" }, ITEM_NEXT)), ["unknown"]);
});

test("more than the server takes is told before it is sent", () => {
  assert.deepEqual(codes(made("minutes", { text: "x".repeat(4001) })), ["long"]);
});
