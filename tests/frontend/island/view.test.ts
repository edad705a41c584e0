import assert from "node:assert/strict";
import test from "node:test";
import type { Action, AgendaItem, Change } from "../../../frontend/island/protocol.ts";
import {
  agenda, all, apply, conference, daysLate, EMPTY, follows, nextItem, one, openItem, subjectsOf, taken, titleOf, under,
} from "../../../frontend/island/view.ts";
import { bodies, decision, id, ITEM_NEXT, ITEM_NOW, KIEVIT, view } from "./world.ts";

const change = (put: Change["put"], gone: string[] = []): Change => ({ type: "change", cseq: 2, put, gone });

test("a snapshot replaces whatever stood before", () => {
  const taken1 = taken({ type: "snapshot", cseq: 1, view: bodies() });
  assert.equal(taken1.size, Object.keys(bodies()).length);
  assert.equal(taken({ type: "snapshot", cseq: 5, view: {} }).size, 0);
});

test("a change puts, replaces and takes away, and leaves the old view as it was", () => {
  const before = view();
  const first = apply(before, change({ [`decision:${id(50)}`]: decision("een") }));
  const second = apply(first, change({ [`decision:${id(50)}`]: decision("twee") }, [`case:${KIEVIT}`]));
  assert.equal(before.has(`decision:${id(50)}`), false);
  assert.equal(one(first, "decision", id(50))?.text, "een");
  assert.equal(one(second, "decision", id(50))?.text, "twee");
  assert.equal(one(second, "case", KIEVIT), null);
  assert.equal(one(first, "case", KIEVIT)?.code_name, "KIEVIT");
});

test("all changes applied to the first snapshot give the last snapshot", () => {
  const last = { ...bodies(), [`decision:${id(51)}`]: decision("blijft") };
  const steps = [
    change({ [`decision:${id(50)}`]: decision("gaat weg") }),
    change({ [`decision:${id(51)}`]: decision("eerst") }),
    change({ [`decision:${id(51)}`]: decision("blijft") }, [`decision:${id(50)}`]),
  ];
  const made = steps.reduce(apply, view());
  assert.deepEqual(Object.fromEntries(made), last);
});

test("taking away what is not there changes nothing", () => {
  assert.deepEqual(apply(view(), change({}, [`item:${id(77)}`])), view());
});

test("a hole in the numbers is seen", () => {
  assert.equal(follows(0, { cseq: 1 }), true);
  assert.equal(follows(3, { cseq: 4 }), true);
  assert.equal(follows(3, { cseq: 5 }), false);
  assert.equal(follows(3, { cseq: 3 }), false);
});

test("the agenda stands in its own numbering, whatever the order of arrival", () => {
  assert.deepEqual(agenda(view()).map((item) => item.body.number), [1, 2]);
  assert.equal(openItem(view())?.id, ITEM_NOW);
  assert.equal(nextItem(view())?.id, ITEM_NEXT);
});

test("with no open item in her view there is none, also when others are planned", () => {
  const waiting = apply(view(), change({}, [`agenda_item:${ITEM_NOW}`]));
  assert.equal(openItem(waiting), null);
  assert.equal(openItem(EMPTY), null);
});

test("an agenda item is called by its case's code name, else its title, else plain words", () => {
  const [first, second] = agenda(view());
  assert.ok(first && second);
  assert.equal(titleOf(view(), first.body, "?"), "KIEVIT");
  assert.equal(titleOf(view(), second.body, "?"), "Sluiting");
  assert.equal(titleOf(view(), { ...second.body, title: null }, "Agendapunt zonder titel"), "Agendapunt zonder titel");
});

test("a case that comes back in one agenda carries the title too, so that the two are told apart", () => {
  const twice = apply(view(), change({ [`agenda_item:${id(3)}`]: { ...(bodies()[`agenda_item:${ITEM_NOW}`] as AgendaItem), number: 3, title: "Vervolg" } }));
  assert.deepEqual(agenda(twice).map(({ body }) => titleOf(twice, body, "?")), ["KIEVIT", "Sluiting", "KIEVIT: Vervolg"]);
});

test("people stand in the order of their handles, 1 before 12", () => {
  assert.deepEqual(subjectsOf(view(), KIEVIT).map(({ body }) => body.handle), ["betrokkene 1", "betrokkene 12"]);
  assert.deepEqual(subjectsOf(view(), id(11)), []);
});

test("decisions of another agenda item are not mixed in, and the oldest comes first", () => {
  const full = apply(view(), change({
    [`decision:${id(52)}`]: decision("later", { at: "2026-11-23T12:50:00+00:00" }),
    [`decision:${id(53)}`]: decision("eerder", { at: "2026-11-23T12:41:00+00:00" }),
    [`decision:${id(54)}`]: decision("elders", { agenda_item: ITEM_NEXT }),
  }));
  assert.deepEqual(under(full, "decision", ITEM_NOW).map(({ body }) => body.text), ["eerder", "later"]);
});

test("kinds with a common beginning are told apart", () => {
  assert.equal(all(view(), "item").length, 0);
  assert.equal(all(view(), "agenda_item").length, 2);
  assert.equal(conference(view())?.title, "Casusoverleg");
});

test("an action is late from the day after its due day, and never when it is done", () => {
  const action = (due: string, status: "open" | "done" = "open"): Action => ({ ...decision("x"), owner: "om", due, own: false, status }) as Action;
  assert.equal(daysLate(action("2026-11-23"), "2026-11-23"), 0);
  assert.equal(daysLate(action("2026-11-20"), "2026-11-23"), 3);
  assert.equal(daysLate(action("2026-11-20", "done"), "2026-11-23"), 0);
  assert.equal(daysLate(action("2026-12-01"), "2026-11-23"), 0);
});
