// The world around a line, played by the test: clock, chance and the other side of each socket.
import assert from "node:assert/strict";
import type { Outside, Socket } from "../../../frontend/island/line.ts";

/** A clock that the test moves, and sockets that it plays the other side of. */
export class Stage implements Outside {
  time = 0;
  sockets: FakeSocket[] = [];
  private plans: { at: number; run: () => void }[] = [];

  open(): Socket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  now = (): number => this.time;
  random = (): number => 0.5;
  after(ms: number, run: () => void): () => void {
    const plan = { at: this.time + ms, run };
    this.plans.push(plan);
    return () => {
      this.plans = this.plans.filter((known) => known !== plan);
    };
  }
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.plans.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.plans = this.plans.filter((known) => known !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    assert.ok(socket);
    return socket;
  }
}

export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: Record<string, unknown>[] = [];
  gone = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.gone = true;
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
