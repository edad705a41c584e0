import assert from "node:assert/strict";
import test from "node:test";
import { Room, type Standing } from "../../../frontend/island/store.ts";
import { textsFor } from "../../../frontend/island/texts.ts";
import { Stage } from "./stage.ts";
import { bodies, decision, id, ITEM_NEXT, ITEM_NOW, KIEVIT, NOOR } from "./world.ts";

const me = { conference: id(99), person: id(98), party: "politie", name: "A. Gent" };
const labels = { parties: { politie: "Politie" }, categories: { pol: "politie" }, roles: {} };

interface Setting {
  stage: Stage;
  room: Room;
}

function setUp(standing: () => Promise<Standing> = async () => "mine"): Setting {
  const stage = new Stage();
  const room = new Room(me, labels, textsFor("nl"), "ws://here/", stage, () => stage.time, standing);
  return { stage, room };
}

function inside(standing?: () => Promise<Standing>): Setting {
  const setting = setUp(standing);
  setting.room.enter();
  snapshot(setting);
  return setting;
}

function snapshot({ stage }: Setting): void {
  stage.last.onopen?.();
  stage.last.say({ type: "snapshot", cseq: 1, view: bodies() });
}

const commands = ({ stage }: Setting): Record<string, unknown>[] =>
  stage.sockets.flatMap((socket) => socket.sent).filter((frame) => "do" in frame);

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("nothing is connected before she comes in", () => {
  const { stage, room } = setUp();
  assert.equal(stage.sockets.length, 0);
  room.enter();
  assert.equal(stage.sockets.length, 1);
});

test("a command that was accepted leaves no trace, the view brings the rest", () => {
  const setting = inside();
  setting.room.write("minutes", { text: "Bel @betrokkene 1" });
  assert.equal(setting.room.record("minutes"), true);
  const [sent] = commands(setting);
  assert.deepEqual(sent?.with, { agenda_item: ITEM_NOW, text: `Bel {subject:${NOOR}}`, category: "prc" });
  setting.stage.last.say({ type: "ack", id: sent?.id, key: null, version: null });
  assert.equal(setting.room.state.queue.length, 0);
  assert.equal(setting.room.state.drafts.minutes.text, "");
});

test("half-typed text stays where it is, whatever frame comes", () => {
  const setting = inside();
  const { stage, room } = setting;
  room.write("minutes", { text: "Half getypt" });
  const before = room.state.drafts;
  stage.last.say({ type: "change", cseq: 2, put: { [`decision:${id(50)}`]: decision("nieuw") }, gone: [`case:${KIEVIT}`] });
  stage.last.say({ type: "snapshot", cseq: 3, view: {} });
  stage.last.say({ type: "presence", people: [] });
  stage.last.say({ type: "ping", now: "2026-11-23T12:00:00+00:00" });
  stage.last.say({ type: "notice", code: "log_unavailable" });
  stage.last.onclose?.({ code: 1006 });
  assert.equal(room.state.drafts, before);
});

test("text begun at one item stays with that item when the next one opens", () => {
  const { stage, room } = inside();
  room.write("minutes", { text: "Nog bij KIEVIT" });
  const opened = { ...bodies()[`agenda_item:${ITEM_NEXT}`], status: "open" };
  const closed = { ...bodies()[`agenda_item:${ITEM_NOW}`], status: "closed" };
  stage.last.say({ type: "change", cseq: 2, put: { [`agenda_item:${ITEM_NEXT}`]: opened, [`agenda_item:${ITEM_NOW}`]: closed }, gone: [] });
  assert.equal(room.shown(), ITEM_NEXT);
  assert.equal(room.state.drafts.minutes.target, ITEM_NOW);
  room.record("minutes");
  const sent = room.state.queue[0]?.with as { agenda_item: string };
  assert.equal(sent.agenda_item, ITEM_NOW);
});

test("a field that was emptied belongs to the item on the screen again", () => {
  const { room } = inside();
  room.write("minutes", { text: "x" });
  room.write("minutes", { text: "" });
  assert.equal(room.state.drafts.minutes.target, null);
});

test("offline commands wait and go out once, with the same id, after the snapshot", async () => {
  const setting = inside();
  const { stage, room } = setting;
  stage.last.onclose?.({ code: 1006 });
  room.write("minutes", { text: "Geschreven zonder verbinding" });
  room.record("minutes");
  const waiting = room.state.queue[0];
  assert.equal(waiting?.state, "waiting");
  assert.equal(commands(setting).length, 0);
  stage.pass(15_000);
  assert.equal(commands(setting).length, 0);
  snapshot(setting);
  await tick();
  stage.pass(1000);
  assert.deepEqual(commands(setting).map((frame) => frame.id), [waiting?.id]);
});

test("a command without an answer is repeated with its own id after the break, not given twice", async () => {
  const setting = inside();
  setting.room.give("action.done", { key: `action:${id(60)}` }, "v");
  setting.stage.last.onclose?.({ code: 1006 });
  setting.stage.pass(15_000);
  snapshot(setting);
  await tick();
  setting.stage.pass(1000);
  const [first, second] = commands(setting);
  assert.equal(first?.id, second?.id);
  assert.equal(setting.room.state.queue.length, 1);
});

test("what waits can be taken back, and is not sent then", async () => {
  const setting = inside();
  setting.stage.last.onclose?.({ code: 1006 });
  setting.room.give("action.done", { key: `action:${id(60)}` });
  setting.room.remove(setting.room.state.queue[0]?.id ?? "");
  setting.stage.pass(15_000);
  snapshot(setting);
  await tick();
  setting.stage.pass(1000);
  assert.equal(commands(setting).length, 0);
});

test("many waiting commands go out slower than the server allows", async () => {
  const setting = inside();
  setting.stage.last.onclose?.({ code: 1006 });
  for (let n = 0; n < 40; n += 1) setting.room.give("action.done", { key: `action:${id(n)}` });
  setting.stage.pass(15_000);
  snapshot(setting);
  await tick();
  setting.stage.pass(1000);
  assert.ok(commands(setting).length <= 20, String(commands(setting).length));
  setting.stage.pass(5000);
  assert.equal(commands(setting).length, 40);
});

test("at a desk that changed hands nothing is sent under the other person's name", async () => {
  const setting = inside(async () => "ended");
  setting.stage.last.onclose?.({ code: 1006 });
  setting.room.give("action.done", { key: `action:${id(60)}` });
  setting.stage.pass(15_000);
  snapshot(setting);
  await tick();
  setting.stage.pass(1000);
  assert.equal(commands(setting).length, 0);
  assert.equal(setting.room.state.phase, "ended");
  assert.equal(setting.room.state.view.size, 0);
});

const LEAVES: [Standing, string, number | null][] = [
  ["ended", "ended", 4401],
  ["not_admitted", "ended", 4403],
  ["mine", "lost", null],
  ["unknown", "lost", null],
];

for (const [standing, phase, end] of LEAVES) {
  test(`after a refused handshake the room asks what it may still show: ${standing}`, async () => {
    const setting = inside(async () => standing);
    const held = setting.room.state.view.size;
    setting.stage.last.onclose?.({ code: 1006 });
    await tick();
    assert.equal(setting.room.state.phase, "lost");
    setting.stage.pass(1000);
    setting.stage.last.onclose?.({ code: 1006 });
    await tick();
    assert.equal(setting.room.state.phase, phase);
    assert.equal(setting.room.state.end, end);
    assert.equal(setting.room.state.view.size, end ? 0 : held);
    const tries = setting.stage.sockets.length;
    setting.stage.pass(60_000);
    assert.equal(setting.stage.sockets.length > tries, end === null);
  });
}

function later(): { standing: () => Promise<Standing>; asked: number; answer: (standing: Standing) => Promise<void> } {
  const answers: ((standing: Standing) => void)[] = [];
  const told = {
    asked: 0,
    standing: () => {
      told.asked += 1;
      return new Promise<Standing>((resolve) => answers.push(resolve));
    },
    answer: async (standing: Standing) => {
      answers.shift()?.(standing);
      await tick();
    },
  };
  return told;
}

function refuse(setting: Setting, times: number): void {
  for (let at = 0; at < times; at += 1) {
    setting.stage.last.onclose?.({ code: 1006 });
    setting.stage.pass(15_000);
  }
}

test("however often it is refused, one question is out at a time", async () => {
  const told = later();
  const setting = inside(told.standing);
  refuse(setting, 5);
  assert.equal(told.asked, 1);
  await told.answer("unknown");
  refuse(setting, 1);
  assert.equal(told.asked, 2);
});

test("an answer that comes after the view came back wipes nothing", async () => {
  const told = later();
  const setting = inside(told.standing);
  refuse(setting, 2);
  snapshot(setting);
  await told.answer("ended");
  assert.equal(setting.room.state.phase, "live");
  refuse(setting, 2);
  snapshot(setting);
  setting.stage.last.onclose?.({ code: 1006 });
  assert.equal(setting.room.state.phase, "lost");
  await told.answer("ended");
  assert.equal(setting.room.state.phase, "lost", "it was lost anew since");
  assert.notEqual(setting.room.state.view.size, 0);
});

test("what waits goes on waiting while the server does not say whose session it is", async () => {
  const told = later();
  const setting = inside(told.standing);
  setting.stage.last.onclose?.({ code: 1006 });
  setting.room.give("action.done", { key: `action:${id(60)}` });
  setting.stage.pass(15_000);
  snapshot(setting);
  await told.answer("unknown");
  assert.equal(setting.room.state.phase, "live");
  assert.equal(commands(setting).length, 0);
  setting.stage.pass(5000);
  await told.answer("mine");
  setting.stage.pass(1000);
  assert.equal(commands(setting).length, 1);
});

test("what waits goes out by an answer that was asked for after the line came back, not before", async () => {
  const told = later();
  const setting = inside(told.standing);
  setting.room.give("action.done", { key: `action:${id(60)}` });
  const given = commands(setting).length;
  refuse(setting, 2);
  assert.equal(told.asked, 1);
  snapshot(setting);
  assert.equal(told.asked, 2);
  await told.answer("mine");
  setting.stage.pass(1000);
  assert.equal(commands(setting).length, given, "that answer was about the session of before");
  await told.answer("ended");
  assert.equal(setting.room.state.phase, "ended");
  assert.equal(commands(setting).length, given);
});

test("whoever wants to go on stays where her words are until it is sure that she may", async () => {
  const told = later();
  const setting = inside(told.standing);
  setting.stage.last.onclose?.({ code: 4401 });
  for (const standing of ["unknown", "not_admitted"] as const) {
    void setting.room.resume();
    await told.answer(standing);
    assert.equal(setting.room.state.phase, "ended");
  }
  void setting.room.resume();
  await told.answer("mine");
  assert.equal(setting.room.state.phase, "connecting");
});

test("a refused text is kept, with the reason, and can go back into its field", () => {
  const setting = inside();
  const { room, stage } = setting;
  room.write("minutes", { text: "Dit mag niet" });
  room.record("minutes");
  const [sent] = commands(setting);
  stage.last.say({ type: "nack", id: sent?.id, code: "cannot_supply" });
  const [refused] = room.state.queue;
  assert.equal(refused?.code, "cannot_supply");
  assert.ok(refused);
  room.write("minutes", { text: "Iets anders" });
  room.restore(refused);
  assert.equal(room.state.drafts.minutes.text, "Iets anders");
  room.write("minutes", { text: "" });
  room.restore(refused);
  assert.equal(room.state.drafts.minutes.text, "Dit mag niet");
  assert.equal(room.state.drafts.minutes.target, ITEM_NOW);
  assert.equal(room.state.queue.length, 0);
});

test("after a conflict both texts are there: what she read and what stands there now", () => {
  const setting = inside();
  setting.room.give("decision.adopt", { key: `decision:${id(50)}` }, "oud", { read: "Wat ik las" });
  const [sent] = commands(setting);
  assert.equal(sent?.expect, "oud");
  setting.stage.last.say({ type: "nack", id: sent?.id, code: "conflict", current: { text: "Wat er nu staat" } });
  const [refused] = setting.room.state.queue;
  assert.equal(refused?.read, "Wat ik las");
  assert.deepEqual(refused?.current, { text: "Wat er nu staat" });
});

test("trouble is told after two seconds, not at once", () => {
  const { stage, room } = inside();
  stage.last.onclose?.({ code: 1006 });
  stage.pass(300);
  assert.equal(room.state.trouble, false);
  stage.last.onclose?.({ code: 1006 });
  stage.pass(1800);
  assert.equal(room.state.trouble, true);
});

test("a short break is not told at all", () => {
  const setting = inside();
  setting.stage.last.onclose?.({ code: 1006 });
  setting.stage.pass(900);
  snapshot(setting);
  setting.stage.pass(5000);
  assert.equal(setting.room.state.trouble, false);
});

for (const code of [4401, 4403] as const) {
  test(`after ${code} nothing of the meeting stays in memory, and her own words do`, () => {
    const { stage, room } = inside();
    stage.last.say({ type: "presence", people: [{ id: id(1), name: "Z. Org", party: "om", roles: [], state: "present" }] });
    room.give("decision.adopt", { key: `decision:${id(50)}` }, "v", { read: "Inhoud van een ander" });
    room.write("minutes", { text: "Mijn eigen woorden" });
    stage.last.onclose?.({ code });
    assert.equal(room.state.view.size, 0);
    assert.equal(room.state.people.length, 0);
    assert.equal(JSON.stringify(room.state.queue).includes("Inhoud van een ander"), false);
    assert.deepEqual(room.unsent(), ["Mijn eigen woorden"]);
    room.forget();
    assert.deepEqual(room.unsent(), []);
  });
}

test("each close code that lets her come back has its own sentence", () => {
  const { stage, room } = inside();
  stage.last.onclose?.({ code: 4408 });
  assert.equal(room.state.notice, "slow");
  stage.pass(1000);
  stage.last.onclose?.({ code: 4429 });
  assert.equal(room.state.notice, "tooFast");
});

test("the log's trouble is told until something is shown again", () => {
  const { stage, room } = inside();
  stage.last.say({ type: "notice", code: "log_unavailable" });
  assert.equal(room.state.notice, "logDown");
  stage.last.say({ type: "change", cseq: 2, put: {}, gone: [] });
  assert.equal(room.state.notice, null);
});

test("the time is the server's, not this machine's", () => {
  const { stage, room } = inside();
  stage.last.say({ type: "ping", now: "2026-11-23T12:54:00+00:00" });
  stage.pass(60_000);
  assert.equal(new Date(room.now()).toISOString(), "2026-11-23T12:55:00.000Z");
  assert.equal(room.today(), "2026-11-23");
});

test("what she may do comes from the view alone", () => {
  const { room } = inside();
  assert.equal(room.may("agenda_item.start"), true);
  assert.equal(room.may("action.add"), false);
  assert.equal(setUp().room.may("minutes.write"), false);
});

test("a new item that opens takes her back to the meeting", () => {
  const { stage, room } = inside();
  room.set({ chosen: ITEM_NEXT });
  assert.equal(room.shown(), ITEM_NEXT);
  const closed = { ...bodies()[`agenda_item:${ITEM_NOW}`], status: "closed" };
  stage.last.say({ type: "change", cseq: 2, put: { [`agenda_item:${ITEM_NOW}`]: closed }, gone: [] });
  assert.equal(room.state.chosen, null);
});

test("an item chosen by hand that leaves her view is not shown any more", () => {
  const { stage, room } = inside();
  room.set({ chosen: ITEM_NEXT });
  stage.last.say({ type: "change", cseq: 2, put: {}, gone: [`agenda_item:${ITEM_NEXT}`] });
  assert.equal(room.shown(), ITEM_NOW);
});

test("new things are said to who listens, and marked for two seconds", () => {
  const { stage, room } = inside();
  stage.last.say({ type: "change", cseq: 2, put: { [`decision:${id(50)}`]: decision("nieuw") }, gone: [] });
  assert.equal(room.state.said, "Nieuw voorstel voor een besluit.");
  assert.equal(room.state.fresh.has(`decision:${id(50)}`), true);
  stage.pass(2000);
  assert.equal(room.state.fresh.size, 0);
});

test("what goes away is not announced", () => {
  const { stage, room } = inside();
  room.set({ said: "" });
  stage.last.say({ type: "change", cseq: 2, put: {}, gone: [`subject:${NOOR}`] });
  assert.equal(room.state.said, "");
});
