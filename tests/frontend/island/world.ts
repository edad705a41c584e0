// A small view as the server would send it; everybody in it is invented.
import type { Body, Decision, Subject } from "../../../frontend/island/protocol.ts";
import type { Kept, View } from "../../../frontend/island/view.ts";

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

export const ITEM_NOW = id(1);
export const ITEM_NEXT = id(2);
export const KIEVIT = id(10);
export const NOOR = id(20);
export const RIK = id(21);

const agendaItem = (number: number, status: "planned" | "open" | "closed", caseId: string | null, title = ""): Body => ({
  version: `v${number}${status}`,
  number,
  title,
  case: caseId,
  minutes: 20,
  status,
  started_at: status === "open" ? "2026-11-23T12:40:00+00:00" : "",
  closed_at: "",
});

export const subject = (key: string, handle: string, name: string | null): Kept<"subject"> => ({
  key: `subject:${key}`,
  id: key,
  body: {
    version: "s",
    case: KIEVIT,
    handle,
    pseudonym: "QH7M-2XTR-9DK",
    role: "victim",
    age_band: "18-22",
    name,
    level: name ? "identified" : "pseudonymised",
  } satisfies Subject,
});

export const decision = (text: string, over: Partial<Decision> = {}): Decision => ({
  version: "d1",
  agenda_item: ITEM_NOW,
  case: KIEVIT,
  text,
  mentions: [],
  category: "prc",
  status: "proposed",
  level: "pseudonymised",
  adopted_at: "",
  dissent: [],
  at: "2026-11-23T12:45:00+00:00",
  about: null,
  ...over,
});

export function bodies(): Record<string, Body> {
  const noor = subject(NOOR, "betrokkene 1", "Noor Fictief");
  const rik = subject(RIK, "betrokkene 12", null);
  return {
    [`conference:${id(99)}`]: {
      version: "c",
      title: "Casusoverleg",
      starts: "2026-11-23T12:30:00+00:00",
      chair: "V. Oorzitter",
      covenant: "1.0",
      covenant_active: true,
      can: ["minutes.write", "decision.adopt", "agenda_item.start"],
    },
    [`agenda_item:${ITEM_NEXT}`]: agendaItem(2, "planned", null, "Sluiting"),
    [`agenda_item:${ITEM_NOW}`]: agendaItem(1, "open", KIEVIT),
    [`case:${KIEVIT}`]: {
      version: "k",
      code_name: "KIEVIT",
      track: "wgs",
      phase: "overleg",
      purpose: "hulp en veiligheid",
      municipality: "Hilversum",
      form: null,
      parties: [],
      scope: [],
      sent_out: [],
      consent: [],
    },
    [noor.key]: noor.body,
    [rik.key]: rik.body,
  };
}

export const view = (): View => new Map(Object.entries(bodies()));
