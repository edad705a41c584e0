import assert from "node:assert/strict";
import test from "node:test";
import { beingNamed, fitting, segments, shortPseudonym, toWire } from "../../../frontend/island/mentions.ts";
import type { Mention } from "../../../frontend/island/protocol.ts";
import { NOOR, RIK, subject } from "./world.ts";

const people = [subject(NOOR, "betrokkene 1", "Noor Fictief"), subject(RIK, "betrokkene 12", null)];
const mention = (text: string, part: string, over: Partial<Mention> = {}, from = 0): Mention => {
  const start = text.indexOf(part, from);
  return { start, end: start + part.length, subject: NOOR, named: false, handle: "betrokkene 1", pseudonym: "QH7M-2XTR-9DK", ...over };
};

test("a text is cut at its mentions, and only the first of a person carries the pseudonym", () => {
  const text = "betrokkene 1 (QH7M-2XTR-9DK) praat met betrokkene 1 (QH7M-2XTR-9DK).";
  const part = "betrokkene 1 (QH7M-2XTR-9DK)";
  const cut = segments(text, [mention(text, part, {}, 10), mention(text, part)]);
  assert.deepEqual(cut.map((one) => one.kind), ["person", "text", "person", "text"]);
  assert.deepEqual(cut.filter((one) => one.kind === "person").map((one) => one.first), [true, false]);
});

test("offsets count UTF-16 units, so a text with an emoji before the name is cut right", () => {
  const text = "👍 Noor Fictief belt";
  const cut = segments(text, [mention(text, "Noor Fictief", { named: true })]);
  assert.deepEqual(cut.map((one) => one.text), ["👍 ", "Noor Fictief", " belt"]);
});

test("offsets that cannot be right never hide text", () => {
  const cut = segments("kort", [{ ...mention("kort", "kort"), end: 99 }]);
  assert.deepEqual(cut, [{ kind: "text", text: "kort" }]);
});

test("the pseudonym is read out by its first six symbols", () => {
  assert.equal(shortPseudonym("QH7M-2XTR-9DK"), "QH7M-2X");
});

test("what is typed with @ goes out as a mention", () => {
  assert.deepEqual(toWire("Bel @betrokkene 1 vandaag.", people), { text: `Bel {subject:${NOOR}} vandaag.`, unknown: [], names: [] });
});

test("betrokkene 12 is not taken for betrokkene 1", () => {
  assert.equal(toWire("@betrokkene 12 en @Betrokkene 1", people).text, `{subject:${RIK}} en {subject:${NOOR}}`);
});

test("a handle that this case does not know is told, and never sent as somebody else", () => {
  assert.deepEqual(toWire("Bel @betrokkene 7.", people).unknown, ["@betrokkene 7"]);
  assert.deepEqual(toWire("Bel @betrokkene 123.", people).unknown, ["@betrokkene 123"]);
  assert.deepEqual(toWire("@", people).unknown, ["@"]);
});

test("an address with an @ in it is no mention", () => {
  assert.deepEqual(toWire("Mail naar balie@example.org", people).unknown, []);
});

test("a name that is written out is found before it leaves", () => {
  assert.deepEqual(toWire("Noor Fictief belt", people).names, ["Noor Fictief"]);
});

test("the list of people opens while a mention is being typed and closes after it", () => {
  assert.deepEqual(beingNamed("Bel @betr", 9), { from: 4, part: "betr" });
  assert.deepEqual(beingNamed("@", 1), { from: 0, part: "" });
  assert.equal(beingNamed("Bel @betrokkene 1 vandaag", 25), null);
  assert.equal(beingNamed("Bel @betr. Dan", 14), null);
  assert.equal(beingNamed("balie@example", 13), null);
  assert.equal(beingNamed("Bel @betr", 3), null);
});

test("people are found by handle, by role and by a name that the viewer sees", () => {
  assert.equal(fitting(people, "betrokkene 12").length, 1);
  assert.equal(fitting(people, "noor").length, 1);
  assert.equal(fitting(people, "").length, 2);
  assert.equal(fitting(people, "zzz").length, 0);
});
