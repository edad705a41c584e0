// Where people write. The text lives in the room's state, bound to the item where it began.
import type { JSX } from "preact";
import { useRoom } from "./context.ts";
import { type Draft, type Problem, type Tab, targetOf } from "./drafts.ts";
import { Extras } from "./extras.tsx";
import { Icon } from "./icon.tsx";
import { TextField } from "./textfield.tsx";
import { inOrder, readersLine } from "./scope.ts";
import type { Case } from "./protocol.ts";
import type { Room } from "./store.ts";
import { list, type Texts } from "./texts.ts";
import { caseOf, one, type View } from "./view.ts";

const KEYS: Partial<Record<Tab, string>> = { decision: "B", action: "A" };

/** The tabs that this viewer's role has at this item. */
export function tabsFor(room: Room): Tab[] {
  const tabs: Tab[] = ["minutes"];
  if (room.may("decision.propose")) tabs.push("decision");
  if (room.may("action.add")) tabs.push("action");
  if (!room.may("decision.propose") && room.may("decision.dissent")) tabs.push("dissent");
  if (room.may("item.prepare")) tabs.push("own");
  return tabs;
}

export function Composer(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const { tab } = state;
  const draft = state.drafts[tab];
  const target = targetOf(draft, room.shown());
  const tabs = tabsFor(room);
  if (target === null || !room.may("minutes.write")) return null;
  const shownTabs = tabs.includes(tab) ? tabs : [...tabs, tab];
  const theCase = caseOf(state.view, one(state.view, "agenda_item", target));
  const record = (event?: Event): void => {
    event?.preventDefault();
    if (!room.record(tab)) window.requestAnimationFrame(() => document.getElementById("compose-errors")?.focus());
    else document.getElementById("compose-text")?.focus();
  };
  return (
    <form class="composer" onSubmit={record} noValidate data-region="composer" aria-label={texts.composeLabel[tab]}>
      <Target draft={draft} />
      <div class="composer-head">
        <div class="composer-tabs" role="group">
          {shownTabs.map((name) => (
            <button key={name} type="button" class="composer-tab" aria-pressed={name === tab} onClick={() => room.set({ tab: name, problems: [] })}>
              {texts.compose[name]}
              {KEYS[name] && state.keys && <kbd class="key">{KEYS[name]}</kbd>}
            </button>
          ))}
        </div>
        <Kind tab={tab} draft={draft} theCase={theCase} />
      </div>
      <Errors problems={state.problems} />
      <Extras tab={tab} draft={draft} theCase={theCase} />
      <div class="composer-row">
        <TextField tab={tab} draft={draft} target={target} onRecord={record} />
        <button type="submit" class={state.trouble ? "button button-outline" : "button"}>
          <span class="wide-only">{state.trouble ? texts.queue : texts.record}</span>
          <span class="narrow-only"><Icon name="send" /><span class="hidden-visually">{texts.record}</span></span>
        </button>
      </div>
      <Readers tab={tab} draft={draft} theCase={theCase} />
    </form>
  );
}

/** Tells for which item is written, when that is no longer the one on the screen. */
function Target({ draft }: { draft: Draft }): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const { target } = draft;
  if (target === null || target === room.shown()) return null;
  if (!state.view.has(`agenda_item:${target}`)) {
    return (
      <p class="composer-target">
        <Icon name="alert-triangle" />
        <span>{texts.targetGone}</span>
        <button type="button" class="link" onClick={() => room.write(state.tab, { text: "" })}>{texts.clearText}</button>
      </p>
    );
  }
  const title = room.titleOf(target);
  return (
    <p class="composer-target">
      <Icon name="pencil" />
      <span>{texts.writingFor(title)}</span>
      <button type="button" class="link" onClick={() => room.set({ chosen: target, panel: "case" })}>{texts.showThat(title)}</button>
    </p>
  );
}

function Kind({ tab, draft, theCase }: { tab: Tab; draft: Draft; theCase: Case | null }): JSX.Element | null {
  const room = useRoom();
  if (tab === "dissent") return null;
  const codes = theCase ? inOrder(theCase.scope).filter(({ own }) => own).map(({ category }) => category) : ["prc"];
  if (!codes.includes("prc") && tab !== "own") codes.push("prc");
  if (!codes.includes(draft.category)) codes.push(draft.category);
  return (
    <label class="composer-kind">
      <span class="soft">{room.texts.kindLabel}</span>
      <select value={draft.category} onChange={(event) => room.write(tab, { category: event.currentTarget.value, about: "" })}>
        {codes.map((code) => (
          <option key={code} value={code}>{room.category(code)}</option>
        ))}
      </select>
    </label>
  );
}

/** Who reads what is written here, and how people appear in it: the server's ruling, in words. */
function Readers({ tab, draft, theCase }: { tab: Tab; draft: Draft; theCase: Case | null }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const category = tab === "dissent" ? dissentCategory(state.view, draft) : draft.category;
  const entry = theCase?.scope.find((known) => known.category === category) ?? null;
  return (
    <p class="readers">
      <Icon name="eye" />
      <span>
        <strong>{texts.readBy}</strong> {readersLine(entry, texts, room.party)} {tab === "own" && texts.draftReader}
      </span>
    </p>
  );
}

function dissentCategory(view: View, draft: Draft): string {
  return one(view, "decision", draft.decision.split(":")[1])?.category ?? "prc";
}

function Errors({ problems }: { problems: readonly Problem[] }): JSX.Element | null {
  const { texts } = useRoom();
  if (problems.length === 0) return null;
  return (
    <div class="error-summary composer-errors" id="compose-errors" role="alert" tabIndex={-1}>
      <Icon name="alert-circle" />
      <div>
        <h2>{texts.errorTitle}</h2>
        <ul>
          {problems.map((problem) => (
            <li key={problem.code}><a href={`#compose-${problem.field}`} onClick={(event) => jump(event, problem.field)}>{words(problem, texts)}</a></li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function jump(event: Event, field: string): void {
  event.preventDefault();
  document.getElementById(`compose-${field}`)?.focus();
}

function words(problem: Problem, texts: Texts): string {
  const { trouble } = texts;
  return "words" in problem ? trouble[problem.code](list(texts, problem.words)) : trouble[problem.code];
}
