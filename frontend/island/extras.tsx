// The few fields that a decision, action, objection or own item has beside its text.
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { daysAfter, typedDay } from "./clock.ts";
import { useRoom } from "./context.ts";
import type { Draft, Tab } from "./drafts.ts";
import type { Case } from "./protocol.ts";
import { capital } from "./texts.ts";
import { itemsOf, one, subjectsOf, under } from "./view.ts";

interface Props {
  tab: Tab;
  draft: Draft;
  theCase: Case | null;
}

const WEEK = 7;

export function Extras({ tab, draft, theCase }: Props): JSX.Element | null {
  if (tab === "action") return <ActionFields draft={draft} theCase={theCase} />;
  if (tab === "dissent") return <DissentFields draft={draft} />;
  if (tab === "own") return <OwnFields draft={draft} theCase={theCase} />;
  return draft.category === "prc" ? null : <AboutField tab={tab} draft={draft} />;
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  children: ComponentChildren;
}

function Field({ id, label, hint, children }: FieldProps): JSX.Element {
  return (
    <div class="extra">
      <label for={id}>
        {label} {hint && <span class="hint">({hint})</span>}
      </label>
      {children}
    </div>
  );
}

function ActionFields({ draft, theCase }: { draft: Draft; theCase: Case | null }): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  const owners = theCase?.parties?.map(({ id, name }) => [id, name] as const) ?? Object.entries(room.labels.parties);
  const process = Object.entries(room.labels.parties).filter(([id]) => id === room.me.party);
  const all = [...new Map([...owners, ...process])].sort(([, a], [, b]) => a.localeCompare(b, "nl"));
  useEffect(() => {
    if (draft.due === "") room.write("action", { due: typedDay(daysAfter(room.today(), WEEK)) });
  }, []);
  return (
    <div class="extras">
      <Field id="compose-owner" label={texts.owner}>
        <select id="compose-owner" class="input" value={draft.owner} onChange={(event) => room.write("action", { owner: event.currentTarget.value })} aria-required="true">
          <option value="">{texts.chooseOwner}</option>
          {all.map(([id, name]) => (
            <option key={id} value={id}>{capital(name)}</option>
          ))}
        </select>
      </Field>
      <Field id="compose-due" label={texts.dueLabel} hint={texts.dueHint}>
        <input
          id="compose-due"
          class="input"
          inputMode="numeric"
          autocomplete="off"
          size={10}
          value={draft.due}
          aria-required="true"
          onInput={(event) => room.write("action", { due: event.currentTarget.value })}
        />
      </Field>
      {draft.category !== "prc" && <AboutField tab="action" draft={draft} />}
    </div>
  );
}

function DissentFields({ draft }: { draft: Draft }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const target = draft.target ?? room.shown();
  const decisions = target ? under(state.view, "decision", target) : [];
  return (
    <div class="extras">
      <Field id="compose-decision" label={texts.whichDecision}>
        <select id="compose-decision" class="input" value={draft.decision} onChange={(event) => room.write("dissent", { decision: event.currentTarget.value })} aria-required="true">
          <option value="">{texts.chooseOwner}</option>
          {decisions.map(({ key, body }) => (
            <option key={key} value={key}>{body.text}</option>
          ))}
        </select>
      </Field>
    </div>
  );
}

/** A text that repeats an item points at it, so that the item's conditions count for it too. */
function AboutField({ tab, draft }: { tab: Tab; draft: Draft }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const caseId = one(state.view, "agenda_item", draft.target ?? room.shown())?.case ?? null;
  const items = itemsOf(state.view, caseId).filter(({ body }) => body.category === draft.category && body.status === "released");
  return (
    <Field id="compose-about" label={texts.about}>
      <select id="compose-about" class="input" value={draft.about} onChange={(event) => room.write(tab, { about: event.currentTarget.value })}>
        <option value="">{texts.aboutNothing}</option>
        {items.map(({ key, body }) => (
          <option key={key} value={key}>{body.text}</option>
        ))}
      </select>
    </Field>
  );
}

function OwnFields({ draft, theCase }: { draft: Draft; theCase: Case | null }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const caseId = one(state.view, "agenda_item", draft.target ?? room.shown())?.case ?? null;
  useEffect(() => {
    const mine = theCase?.scope.filter((entry) => entry.own).map((entry) => entry.category) ?? [];
    if (mine[0] && !mine.includes(draft.category)) room.write("own", { category: mine[0] });
  }, []);
  const others = theCase?.parties?.filter(({ id }) => id !== room.me.party) ?? [];
  const toggle = (id: string): void => {
    const without = draft.notFor.filter((known) => known !== id);
    room.write("own", { notFor: without.length === draft.notFor.length ? [...without, id] : without });
  };
  return (
    <div class="extras">
      <Field id="compose-kind" label={texts.kindOf}>
        <select id="compose-kind" class="input" value={draft.kind} onChange={(event) => room.write("own", { kind: event.currentTarget.value as Draft["kind"] })}>
          <option value="feit">{texts.fact}</option>
          <option value="oordeel">{texts.opinion}</option>
        </select>
      </Field>
      <Field id="compose-subject" label={texts.aboutWhom}>
        <select id="compose-subject" class="input" value={draft.subject} onChange={(event) => room.write("own", { subject: event.currentTarget.value })}>
          <option value="">{texts.wholeCase}</option>
          {subjectsOf(state.view, caseId).map(({ id, body }) => (
            <option key={id} value={id}>{body.handle}</option>
          ))}
        </select>
      </Field>
      <Field id="compose-basis" label={texts.basis}>
        <input id="compose-basis" class="input" value={draft.basis} maxLength={200} autocomplete="off" aria-required="true" onInput={(event) => room.write("own", { basis: event.currentTarget.value })} />
      </Field>
      {others.length > 0 && (
        <details class="fold extra-not-for">
          <summary>{texts.notForLabel}{draft.notFor.length > 0 && `: ${draft.notFor.map(room.party).join(", ")}`}</summary>
          <ul>
            {others.map(({ id, name }) => (
              <li key={id}>
                <label><input type="checkbox" checked={draft.notFor.includes(id)} onChange={() => toggle(id)} /> {name}</label>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
