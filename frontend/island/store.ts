// The room as this window knows it, in memory only: nothing is kept in the browser's storage.
import type { Commands, PresentPerson, ServerFrame, Uuid } from "./protocol.ts";
import { dayOf } from "./clock.ts";
import { BLANK, command, type Draft, type Drafts, NO_DRAFTS, type Problem, type Tab, TABS, targetOf, typed } from "./drafts.ts";
import { browser, type End, Line, type Listener, type Outside } from "./line.ts";
import { news } from "./news.ts";
import { added, type Do, frameOf, outstanding, type Pending, type Queue, refused, sent, settled, type Written } from "./queue.ts";
import { capital, type Texts } from "./texts.ts";
import { agenda, apply, EMPTY, openItem, taken, titleOf, type View } from "./view.ts";

export const TROUBLE_AFTER_MS = 2_000;
export const IDLE_MS = 180_000;
const FRESH_MS = 2_000;
const BETWEEN_COMMANDS_MS = 60;
const ASK_AGAIN_MS = 5_000;

export interface Me {
  conference: Uuid;
  person: Uuid;
  party: string;
  name: string;
}

export interface Labels {
  parties: Record<string, string>;
  categories: Record<string, string>;
  roles: Record<string, string>;
}

export type Panel = "case" | "minutes" | "decisions" | "actions" | "table";

export interface State {
  entered: boolean;
  phase: "door" | "connecting" | "live" | "lost" | "ended";
  end: End | null;
  /** Handshakes in a row that were not accepted: the session may have ended. */
  refusals: number;
  /** Moment (machine ms) of the last sign of life, kept while the line is lost. */
  heard: number;
  /** Whether the line has been gone long enough to say so. */
  trouble: boolean;
  notice: "slow" | "tooFast" | "logDown" | null;
  view: View;
  hadView: boolean;
  people: PresentPerson[];
  /** Server's time minus this machine's, ms; null until the first ping. */
  offset: number | null;
  queue: Queue;
  tab: Tab;
  drafts: Drafts;
  problems: readonly Problem[];
  /** An agenda item chosen by hand; null follows the meeting. */
  chosen: Uuid | null;
  panel: Panel;
  blank: boolean;
  help: boolean;
  keys: boolean;
  query: string | null;
  fresh: ReadonlySet<string>;
  said: string;
}

const START: State = {
  entered: false,
  phase: "door",
  end: null,
  refusals: 0,
  heard: 0,
  trouble: false,
  notice: null,
  view: EMPTY,
  hadView: false,
  people: [],
  offset: null,
  queue: [],
  tab: "minutes",
  drafts: NO_DRAFTS,
  problems: [],
  chosen: null,
  panel: "case",
  blank: false,
  help: false,
  keys: true,
  query: null,
  fresh: new Set(),
  said: "",
};

/** Whose the session is: this person's, nobody's or another's, hers without this conference; or no answer. */
export type Standing = "mine" | "ended" | "not_admitted" | "unknown";

export class Room implements Listener {
  state: State = START;
  readonly line: Line;
  private readonly watchers = new Set<() => void>();
  private asking: Promise<Standing> | null = null;
  private lives = 0; // how often the view came back

  constructor(
    readonly me: Me,
    readonly labels: Labels,
    readonly texts: Texts,
    url: string,
    private readonly outside: Outside = browser,
    private readonly machine: () => number = Date.now,
    /** What the session behind the cookie is to this room: a desk can change hands while the line is gone. */
    private readonly standing: () => Promise<Standing> = async () => "mine",
  ) {
    this.line = new Line(url, this, outside);
  }

  watch(run: () => void): () => void {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const run of this.watchers) run();
  }

  // --- words for ids ---
  party = (id: string): string => this.labels.parties[id] ?? id.replaceAll("_", " ");
  category = (code: string): string => this.labels.categories[code] ?? code;
  role = (role: string): string => this.labels.roles[role] ?? role.replaceAll("_", " ");

  // --- time ---
  /** The server's time in ms; this machine's own until the server has told it. */
  now(): number {
    return this.machine() + (this.state.offset ?? 0);
  }

  today(): string {
    return dayOf(this.now());
  }

  // --- what is on the screen ---
  shown(): Uuid | null {
    const { view, chosen } = this.state;
    const hand = chosen && view.has(`agenda_item:${chosen}`) ? chosen : null;
    return hand ?? openItem(view)?.id ?? null;
  }

  may(verb: Do): boolean {
    for (const [key, body] of this.state.view) {
      if (key.startsWith("conference:")) return (body as { can: string[] }).can.includes(verb);
    }
    return false;
  }

  // --- the door and the line ---
  enter(): void {
    this.set({ entered: true, phase: "connecting", end: null });
    this.line.connect();
  }

  live(): void {
    this.lives += 1;
    this.asking = null; // an answer from before may be about another session than the line's
    this.set({ phase: "live", trouble: false, refusals: 0, said: this.state.trouble ? this.texts.said.live : this.state.said });
    if (outstanding(this.state.queue).length) void this.resend();
  }

  /** Send what waited, once it is sure that it goes out under the name of who wrote it. */
  private async resend(): Promise<void> {
    const standing = await this.stands();
    if (standing === "mine") this.flush(outstanding(this.state.queue));
    else if (standing !== "unknown") this.leave(standing);
    else this.outside.after(ASK_AGAIN_MS, () => this.state.phase === "live" && void this.resend());
  }

  /** A refused handshake says nothing of why: ask, for what she may no longer see must not stay on the screen. */
  private async ask(): Promise<void> {
    const { lives } = this;
    const standing = await this.stands();
    const stillLost = this.state.phase === "lost" && lives === this.lives;
    if (stillLost && (standing === "ended" || standing === "not_admitted")) this.leave(standing);
  }

  /** Asked once at a time: handshakes are refused faster than an answer comes. */
  private stands(): Promise<Standing> {
    if (this.asking) return this.asking;
    const asking = this.standing().finally(() => {
      if (this.asking === asking) this.asking = null;
    });
    this.asking = asking;
    return asking;
  }

  private leave(standing: Standing): void {
    this.line.stop();
    this.ended(standing === "not_admitted" ? 4403 : 4401);
  }

  /** After logging in again: go on where she was, if it is she; for somebody else the page starts anew. */
  async resume(): Promise<void> {
    const standing = await this.stands();
    if (standing === "mine") this.enter();
    else if (standing === "ended") location.reload();
    else this.set({ said: this.texts.said.lost });
  }

  lost(code: number, refusals: number): void {
    const notice = code === 4408 ? "slow" : code === 4429 ? "tooFast" : this.state.notice;
    this.set({ phase: "lost", refusals, notice });
    if (refusals) void this.ask();
    this.outside.after(TROUBLE_AFTER_MS, () => {
      if (this.state.phase === "lost" && !this.state.trouble) this.set({ trouble: true, said: this.texts.said.lost });
    });
  }

  /** Rights or session are gone: nothing of the conference stays in memory; what she wrote herself does. */
  ended(code: End): void {
    const { drafts, queue, entered } = this.state;
    this.set({ ...START, entered, drafts, queue: queue.map(forgetful), phase: "ended", end: code });
  }

  /** Own unsent texts, to show them when the room is gone. */
  unsent(): string[] {
    const { drafts, queue } = this.state;
    const waiting = queue.map(({ written }) => written?.text ?? "");
    return [...waiting, ...TABS.map((tab) => drafts[tab].text)].filter((text) => text.trim() !== "");
  }

  forget(): void {
    this.set({ drafts: NO_DRAFTS, queue: [] });
  }

  frame(frame: ServerFrame): void {
    this.state = { ...this.state, heard: this.machine() };
    if (frame.type === "snapshot") this.take(taken(frame));
    else if (frame.type === "change") this.change(frame);
    else if (frame.type === "ack") this.set({ queue: settled(this.state.queue, frame.id), notice: this.cleared() });
    else if (frame.type === "nack") this.set({ queue: refused(this.state.queue, frame.id, frame.code, frame.current ?? null) });
    else if (frame.type === "presence") this.set({ people: frame.people });
    else if (frame.type === "ping") this.set({ offset: Date.parse(frame.now) - this.machine() });
    else if (frame.type === "notice" && frame.code === "log_unavailable") this.set({ notice: "logDown" });
  }

  private cleared(): State["notice"] {
    return this.state.notice === "logDown" ? null : this.state.notice;
  }

  private take(view: View): void {
    this.set({ view, hadView: true, fresh: new Set(), notice: this.cleared() });
  }

  private change(frame: Extract<ServerFrame, { type: "change" }>): void {
    const before = this.state.view;
    const view = apply(before, frame);
    const opened = openItem(view)?.id !== openItem(before)?.id;
    const said = news(before, view, frame, this.texts, (code) => capital(this.category(code)));
    const fresh = new Set([...this.state.fresh, ...Object.keys(frame.put).filter((key) => !before.has(key))]);
    this.set({
      view,
      fresh,
      said: said.length ? said.join(" ") : this.state.said,
      notice: this.cleared(),
      ...(opened ? { chosen: null } : {}),
    });
    this.outside.after(FRESH_MS, () => {
      if (this.state.fresh === fresh) this.set({ fresh: new Set() });
    });
  }

  // --- commands ---
  give<D extends Do>(verb: D, args: Commands[D], expect: string | null = null, extra: { written?: Written; read?: string } = {}): void {
    const { written = null, read = null } = extra;
    const id = crypto.randomUUID();
    const pending: Pending = {
      id, do: verb, with: args, expect, state: "waiting", at: this.machine(), written, read, code: null, current: null,
    };
    this.set({ queue: added(this.state.queue, pending) });
    this.deliver(pending);
  }

  retry(pending: Pending): void {
    this.set({ queue: settled(this.state.queue, pending.id) });
    const { written, read } = pending;
    this.give(pending.do, pending.with, null, { ...(written ? { written } : {}), ...(read ? { read } : {}) });
  }

  remove(id: Uuid): void {
    this.set({ queue: settled(this.state.queue, id) });
  }

  private deliver(pending: Pending): void {
    if (this.line.send(frameOf(pending))) this.set({ queue: sent(this.state.queue, pending.id) });
  }

  /** Send what waited, in order and not faster than a person could: the server closes on haste. */
  private flush(rest: Pending[]): void {
    const [next, ...later] = rest;
    if (!next) return;
    if (this.state.queue.some(({ id }) => id === next.id)) this.deliver(next);
    this.outside.after(BETWEEN_COMMANDS_MS, () => this.flush(later));
  }

  // --- writing ---
  write(tab: Tab, change: Partial<Draft>): void {
    const draft = typed(this.state.drafts[tab], change, this.shown());
    this.set({ drafts: { ...this.state.drafts, [tab]: draft }, problems: [] });
  }

  /** Give the draft of a tab as a command; false when something is still wrong with it. */
  record(tab: Tab): boolean {
    const draft = this.state.drafts[tab];
    const target = targetOf(draft, this.shown());
    const made = target ? command(tab, draft, this.state.view, target, this.today()) : [{ code: "empty", field: "text" } as Problem];
    if (Array.isArray(made)) {
      this.set({ problems: made });
      return false;
    }
    const { text, category, owner, due } = draft;
    const kept = { ...BLANK, category: tab === "minutes" ? category : "prc", owner, due: tab === "action" ? due : "" };
    this.set({ drafts: { ...this.state.drafts, [tab]: kept }, problems: [] });
    this.give(made.do, made.with, made.expect, { written: { tab, text, about: this.titleOf(target) } });
    return true;
  }

  /** Put a refused text back into its field; only when nothing stands there. */
  restore(pending: Pending): void {
    const tab = TABS.find((known) => known === pending.written?.tab);
    if (!tab || !pending.written || this.state.drafts[tab].text !== "") return;
    const target = (pending.with as { agenda_item?: Uuid }).agenda_item ?? this.shown();
    const draft = { ...this.state.drafts[tab], text: pending.written.text, target };
    this.set({ tab, drafts: { ...this.state.drafts, [tab]: draft }, queue: settled(this.state.queue, pending.id) });
  }

  titleOf(id: Uuid | null): string {
    const item = agenda(this.state.view).find((kept) => kept.id === id);
    return item ? titleOf(this.state.view, item.body, this.texts.untitled) : "";
  }
}

/** A command without what the viewer read of others. */
function forgetful(pending: Pending): Pending {
  return { ...pending, read: null, current: null };
}
