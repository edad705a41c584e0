import assert from "node:assert/strict";
import test from "node:test";
import { type End, Line, SILENCE_MS, waitFor } from "../../../frontend/island/line.ts";
import type { ServerFrame } from "../../../frontend/island/protocol.ts";
import { type FakeSocket, Stage } from "./stage.ts";

interface Heard {
  frames: ServerFrame[];
  live: number;
  lost: [number, number][];
  ended: End[];
}

function setUp(): { stage: Stage; line: Line; heard: Heard } {
  const stage = new Stage();
  const heard: Heard = { frames: [], live: 0, lost: [], ended: [] };
  const line = new Line("ws://here/", {
    frame: (frame) => heard.frames.push(frame),
    live: () => { heard.live += 1; },
    lost: (code, refused) => heard.lost.push([code, refused]),
    ended: (code) => heard.ended.push(code),
  }, stage);
  return { stage, line, heard };
}

function connected(): ReturnType<typeof setUp> {
  const all = setUp();
  all.line.connect();
  all.stage.last.onopen?.();
  all.stage.last.say({ type: "snapshot", cseq: 1, view: {} });
  return all;
}

const seen = (socket: FakeSocket): unknown[] => socket.sent.map((frame) => frame.seen).filter((number) => number !== undefined);

test("it says hello first and is live after the snapshot", () => {
  const { stage, line, heard } = setUp();
  line.connect();
  assert.deepEqual(stage.last.sent, []);
  stage.last.onopen?.();
  assert.deepEqual(stage.last.sent, [{ hello: { protocol: 1 } }]);
  assert.equal(line.send({ do: "x" }), false);
  stage.last.say({ type: "snapshot", cseq: 1, view: {} });
  assert.equal(heard.live, 1);
  assert.equal(line.send({ do: "x" }), true);
});

test("a later snapshot on the same line is no new beginning", () => {
  const { stage, heard } = connected();
  stage.last.say({ type: "snapshot", cseq: 2, view: {} });
  assert.equal(heard.live, 1);
  assert.equal(heard.frames.length, 2);
});

test("what was applied is acknowledged within a second, once", () => {
  const { stage } = connected();
  stage.pass(1000);
  assert.deepEqual(seen(stage.last), [1]);
  stage.pass(5000);
  assert.deepEqual(seen(stage.last), [1]);
});

test("a burst is acknowledged after 32 frames, without waiting for the second", () => {
  const { stage } = connected();
  for (let cseq = 2; cseq <= 65; cseq += 1) stage.last.say({ type: "change", cseq, put: {}, gone: [] });
  assert.deepEqual(seen(stage.last), [32, 64]);
});

test("a hole in the numbers is never applied: it starts anew", () => {
  const { stage, line, heard } = connected();
  const first = stage.last;
  first.say({ type: "change", cseq: 3, put: {}, gone: [] });
  assert.equal(heard.frames.length, 1);
  assert.equal(first.gone, true);
  assert.equal(line.live, false);
  stage.pass(1000);
  assert.equal(stage.sockets.length, 2);
});

test("frames of a line that was left are not heard any more", () => {
  const { stage, heard } = connected();
  const old = stage.last;
  const late = old.onmessage;
  old.say({ type: "change", cseq: 9, put: {}, gone: [] });
  late?.({ data: JSON.stringify({ type: "change", cseq: 2, put: {}, gone: [] }) });
  assert.equal(heard.frames.length, 1);
});

test("more than 15 seconds of silence is a lost line", () => {
  const { stage, heard } = connected();
  stage.pass(SILENCE_MS - 1000);
  stage.last.say({ type: "ping", now: "2026-11-23T12:00:00+00:00" });
  stage.pass(SILENCE_MS);
  assert.deepEqual(heard.lost, []);
  stage.pass(2000);
  assert.deepEqual(heard.lost, [[0, 0]]);
});

test("it comes back by itself, each time a little later, never after more than 15 seconds", () => {
  const { stage, heard } = connected();
  for (let tries = 0; tries < 8; tries += 1) {
    stage.last.onclose?.({ code: 1006 });
    const before = stage.sockets.length;
    stage.pass(15_000);
    assert.equal(stage.sockets.length, before + 1);
  }
  assert.equal(heard.lost.length, 8);
  assert.deepEqual([0, 3, 20].map((tries) => waitFor(tries, 1)), [400, 3200, 15_000]);
  assert.equal(waitFor(20, 0), 7500);
});

test("handshakes that are refused are counted, and forgotten once one is accepted", () => {
  const { stage, line, heard } = setUp();
  line.connect();
  stage.last.onclose?.({ code: 1006 });
  stage.pass(15_000);
  stage.last.onclose?.({ code: 1006 });
  assert.deepEqual(heard.lost.map(([, refused]) => refused), [1, 2]);
  stage.pass(15_000);
  stage.last.onopen?.();
  stage.last.onclose?.({ code: 1006 });
  assert.deepEqual(heard.lost.at(-1), [1006, 0]);
});

for (const code of [4400, 4401, 4403] as const) {
  test(`after ${code} it does not come back by itself`, () => {
    const { stage, heard } = connected();
    stage.last.onclose?.({ code });
    stage.pass(120_000);
    assert.deepEqual(heard.ended, [code]);
    assert.equal(stage.sockets.length, 1);
  });
}

test("after 4408 it comes back at once, after 4429 only after five seconds", () => {
  const slow = connected();
  slow.stage.last.onclose?.({ code: 4408 });
  slow.stage.pass(400);
  assert.equal(slow.stage.sockets.length, 2);
  const fast = connected();
  fast.stage.last.onclose?.({ code: 4429 });
  fast.stage.pass(4900);
  assert.equal(fast.stage.sockets.length, 1);
  fast.stage.pass(200);
  assert.equal(fast.stage.sockets.length, 2);
});

test("trying by hand does not leave two lines", () => {
  const { stage, line } = connected();
  stage.last.onclose?.({ code: 1006 });
  line.connect();
  stage.pass(30_000);
  assert.equal(stage.sockets.filter(({ gone }) => !gone).length, 1);
});

test("when it is stopped it stays away", () => {
  const { stage, line } = connected();
  line.stop();
  stage.pass(60_000);
  assert.equal(stage.sockets.length, 1);
  assert.equal(line.live, false);
});
