// Generated from agenda/protocol.py by `python -m agenda.schema`; do not edit by hand.

export type Uuid = string;

export interface Conference {
  version: string;
  title: string;
  starts: string;
  chair: string;
  covenant: string;
  covenant_active: boolean;
  can: string[];
}

export interface AgendaItem {
  version: string;
  number: number;
  title: string | null;
  case: Uuid | null;
  minutes: number;
  status: "closed" | "open" | "planned";
  started_at: string | null;
  closed_at: string | null;
}

export interface Case {
  version: string;
  code_name: string;
  track: string | null;
  phase: string | null;
  purpose: string | null;
  municipality: string | null;
  form: string | null;
  parties: PartyRef[] | null;
  scope: CategoryScope[];
  sent_out: Uuid[];
  consent: ConsentGap[];
}

export interface PartyRef {
  id: string;
  name: string;
}

export interface CategoryScope {
  category: string;
  level: "identified" | "none" | "pseudonymised";
  reason: string;
  own: boolean;
  readers: string[];
  readers_with_consent: string[];
}

export interface ConsentGap {
  subject: Uuid;
  handle: string;
  party: string;
  categories: string[];
  state: "asked" | "deferred" | "expired" | "expiring" | "invalid" | "later" | "missing" | "refused" | "withdrawn";
  day: string | null;
  next: "ask" | "leave" | "renew" | "wait";
}

export interface Subject {
  version: string;
  case: Uuid;
  handle: string;
  pseudonym: string;
  role: string;
  age_band: string | null;
  name: string | null;
  level: "identified" | "pseudonymised";
}

export interface Item {
  version: string;
  case: Uuid;
  subject: Uuid | null;
  category: string;
  kind: string;
  supplier: string;
  basis: string;
  text: string;
  mentions: Mention[];
  status: "draft" | "released" | "withdrawn";
  level: "identified" | "pseudonymised";
  reason: string;
  own: boolean;
  only_for: string[] | null;
  not_for: string[] | null;
}

export interface Mention {
  start: number;
  end: number;
  subject: Uuid;
  named: boolean;
  handle: string;
  pseudonym: string;
}

export interface MinutesBlock {
  version: string;
  agenda_item: Uuid;
  case: Uuid | null;
  text: string;
  mentions: Mention[];
  category: string;
  status: "released";
  level: "identified" | "pseudonymised";
  party: string;
  author: string;
  at: string;
  about: string | null;
}

export interface Decision {
  version: string;
  agenda_item: Uuid;
  case: Uuid | null;
  text: string;
  mentions: Mention[];
  category: string;
  status: "adopted" | "proposed";
  level: "identified" | "pseudonymised";
  adopted_at: string | null;
  dissent: Dissent[];
  at: string;
  about: string | null;
}

export interface Dissent {
  party: string;
  reason: string;
  at: string;
}

export interface Action {
  version: string;
  agenda_item: Uuid;
  case: Uuid | null;
  text: string;
  mentions: Mention[];
  category: string;
  status: "done" | "open";
  level: "identified" | "pseudonymised";
  owner: string;
  due: string;
  own: boolean;
  at: string;
  about: string | null;
}

export interface AgendaItemAdd {
  case: Uuid | null;
  title: string;
  minutes: number;
}

export interface AgendaItemMove {
  key: string;
  after: string | null;
}

export interface OnKey {
  key: string;
}

export interface MinutesWrite {
  agenda_item: Uuid;
  text: string;
  category?: string;
  about?: string | null;
}

export interface DecisionPropose {
  agenda_item: Uuid;
  text: string;
  category?: string;
  about?: string | null;
}

export interface DecisionDissent {
  key: string;
  reason: string;
}

export interface ActionAdd {
  agenda_item: Uuid;
  text: string;
  owner: string;
  due: string;
  category?: string;
  about?: string | null;
}

export interface ItemPrepare {
  case: Uuid;
  category: string;
  kind: "feit" | "oordeel";
  basis: string;
  text: string;
  subject?: Uuid | null;
  only_for?: string[] | null;
  not_for?: string[];
}

export interface ConsentWithdraw {
  case: Uuid;
  subject: Uuid;
  party: string;
  category: string;
}

export interface DoorChange {
  case: Uuid;
  person: Uuid;
}

export interface Ack {
  type: "ack";
  id: Uuid;
  key: string | null;
  version: string | null;
}

export interface Nack {
  type: "nack";
  id: Uuid;
  code: string;
  current?: unknown | null;
}

export interface Presence {
  type: "presence";
  people: PresentPerson[];
}

export interface PresentPerson {
  id: Uuid;
  name: string;
  party: string;
  roles: string[];
  state: "lost" | "present";
}

export interface Ping {
  type: "ping";
  now: string;
}

export interface Notice {
  type: "notice";
  code: string;
}

export interface Bodies {
  "conference": Conference;
  "agenda_item": AgendaItem;
  "case": Case;
  "subject": Subject;
  "item": Item;
  "minutes": MinutesBlock;
  "decision": Decision;
  "action": Action;
}

export interface Commands {
  "agenda_item.add": AgendaItemAdd;
  "agenda_item.move": AgendaItemMove;
  "agenda_item.start": OnKey;
  "agenda_item.close": OnKey;
  "minutes.write": MinutesWrite;
  "decision.propose": DecisionPropose;
  "decision.adopt": OnKey;
  "decision.dissent": DecisionDissent;
  "action.add": ActionAdd;
  "action.done": OnKey;
  "item.prepare": ItemPrepare;
  "item.release": OnKey;
  "item.withdraw": OnKey;
  "consent.withdraw": ConsentWithdraw;
  "door.send_out": DoorChange;
  "door.admit": DoorChange;
}

export type Key = `${keyof Bodies}:${Uuid}`;

/** The whole view, on connecting and whenever rights changed. */
export interface Snapshot {
  type: "snapshot";
  cseq: number;
  view: Record<string, Body>;
}

/** What came or changed (`put`) and what went (`gone`) in this viewer's own view. */
export interface Change {
  type: "change";
  cseq: number;
  put: Record<string, Body>;
  gone: string[];
}

export type Body = Bodies[keyof Bodies];
export type ServerFrame = Snapshot | Change | Ack | Nack | Presence | Ping | Notice;
