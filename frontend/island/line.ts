// The line to the server: says hello, watches for silence and holes, acknowledges, comes back by itself.
import type { Change, ServerFrame, Snapshot } from "./protocol.ts";
import { follows } from "./view.ts";

export const SILENCE_MS = 15_000;
export const SEEN_EVERY_MS = 1_000;
export const SEEN_EVERY_FRAMES = 32;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 15_000;
const TOO_FAST_WAIT_MS = 5_000;

/** Close codes after which coming back by itself makes no sense. */
export const ENDS = [4400, 4401, 4403] as const;
export type End = (typeof ENDS)[number];

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** The world outside, handed in so that tests can hold the clock. */
export interface Outside {
  open(url: string): Socket;
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export interface Listener {
  frame(frame: ServerFrame): void;
  /** The view is there: commands may go. */
  live(): void;
  /** No view any more; `code`: the close code, `refused`: handshakes in a row that were not accepted. */
  lost(code: number, refused: number): void;
  ended(code: End): void;
}

/** How long to wait before try number `tries` (from 0): doubling, at most 15 s, half of it by chance. */
export function waitFor(tries: number, random: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
  return longest / 2 + (longest / 2) * random;
}

export class Line {
  private socket: Socket | null = null;
  private opened = false;
  private cseq = 0;
  private unseen = 0;
  private heard = 0;
  private tries = 0;
  private refused = 0;
  private stops: (() => void)[] = [];
  private retry: (() => void) | null = null;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private readonly outside: Outside,
  ) {}

  get live(): boolean {
    return this.socket !== null && this.cseq > 0;
  }

  /** Connect now, whatever was planned. */
  connect(): void {
    this.retry?.();
    this.retry = null;
    if (this.socket) return;
    const socket = this.outside.open(this.url);
    this.socket = socket;
    this.opened = false;
    this.cseq = 0;
    this.unseen = 0;
    this.heard = this.outside.now();
    socket.onopen = () => {
      this.opened = true;
      this.refused = 0;
      socket.send(JSON.stringify({ hello: { protocol: 1 } }));
    };
    socket.onmessage = ({ data }) => this.receive(socket, data);
    socket.onclose = ({ code }) => this.closed(socket, code);
    this.watch(socket);
  }

  /** Hand a frame to the server; false when there is no view yet to give it in. */
  send(frame: object): boolean {
    if (!this.live) return false;
    this.socket?.send(JSON.stringify(frame));
    return true;
  }

  /** Leave for good, or until `connect`. */
  stop(): void {
    this.retry?.();
    this.retry = null;
    this.drop();
  }

  private receive(socket: Socket, data: string): void {
    if (socket !== this.socket) return;
    this.heard = this.outside.now();
    const frame = JSON.parse(data) as ServerFrame;
    if ((frame.type === "snapshot" || frame.type === "change") && !this.counted(frame)) return;
    this.listener.frame(frame);
    if (frame.type === "snapshot" && frame.cseq === 1) this.listener.live();
  }

  /** Count a numbered frame; a hole means that the view is no longer right, so start anew. */
  private counted(frame: Snapshot | Change): boolean {
    if (!follows(this.cseq, frame)) {
      this.drop();
      this.listener.lost(0, 0);
      this.again(waitFor(0, this.outside.random()));
      return false;
    }
    this.cseq = frame.cseq;
    this.tries = 0;
    this.unseen += 1;
    if (this.unseen >= SEEN_EVERY_FRAMES) this.acknowledge();
    return true;
  }

  private acknowledge(): void {
    if (this.unseen === 0 || !this.socket) return;
    this.socket.send(JSON.stringify({ seen: this.cseq }));
    this.unseen = 0;
  }

  private watch(socket: Socket): void {
    const tick = (): void => {
      if (socket !== this.socket) return;
      if (this.outside.now() - this.heard > SILENCE_MS) {
        this.closed(socket, 0);
        return;
      }
      this.acknowledge();
      this.stops = [this.outside.after(SEEN_EVERY_MS, tick)];
    };
    this.stops = [this.outside.after(SEEN_EVERY_MS, tick)];
  }

  private closed(socket: Socket, code: number): void {
    if (socket !== this.socket) return;
    if (!this.opened) this.refused += 1;
    this.drop();
    const end = ENDS.find((known) => known === code);
    if (end) {
      this.listener.ended(end);
      return;
    }
    this.listener.lost(code, this.refused);
    this.again(code === 4429 ? TOO_FAST_WAIT_MS : waitFor(this.tries, this.outside.random()));
    this.tries += 1;
  }

  private again(ms: number): void {
    this.retry?.();
    this.retry = this.outside.after(ms, () => {
      this.retry = null;
      this.connect();
    });
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.cseq = 0;
    for (const stop of this.stops) stop();
    this.stops = [];
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** The browser's own socket, clock and chance. */
export const browser: Outside = {
  open: (url) => new WebSocket(url) as unknown as Socket,
  now: () => performance.now(),
  after: (ms, run) => {
    const handle = window.setTimeout(run, ms);
    return () => window.clearTimeout(handle);
  },
  random: () => Math.random(),
};
