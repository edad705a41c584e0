// What the meeting decides, does and notes at this point: decisions, actions, minutes.
import type { ComponentChildren, JSX } from "preact";
import { timeOfDay, shortDay } from "./clock.ts";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import type { Decision } from "./protocol.ts";
import { Said } from "./said.tsx";
import { capital } from "./texts.ts";
import { daysLate, type Kept, under } from "./view.ts";

interface PartProps {
  region: "decisions" | "actions" | "minutes";
  title: string;
  count: string;
  empty: string;
  children: ComponentChildren;
}

function Part({ region, title, count, empty, children }: PartProps): JSX.Element {
  return (
    <section class={`part part-${region}`} data-region={region} aria-labelledby={`part-${region}`}>
      <h2 class="part-title" id={`part-${region}`} tabIndex={-1} data-home>
        {title} <span class="count">{count}</span>
      </h2>
      {count === "" && <p class="part-empty">{empty}</p>}
      {children}
    </section>
  );
}

export function Decisions(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const shown = room.shown();
  const inTime = shown ? under(state.view, "decision", shown) : [];
  // What still has to be decided stands first; one filled button, on the first of them.
  const proposed = inTime.filter(({ body }) => body.status === "proposed");
  const decisions = [...proposed, ...inTime.filter(({ body }) => body.status === "adopted")];
  return (
    <Part region="decisions" title={texts.decisions} count={decisions.length ? String(decisions.length) : ""} empty={texts.noDecisions}>
      {decisions.map((decision) => (
        <DecisionBlock key={decision.key} decision={decision} next={decision === proposed[0]} />
      ))}
    </Part>
  );
}

interface DecisionProps {
  decision: Kept<"decision">;
  /** The one that is to be decided next. */
  next: boolean;
}

function DecisionBlock({ decision, next }: DecisionProps): JSX.Element {
  const room = useRoom();
  const { key, body } = decision;
  const { state, texts } = room;
  return (
    <article class={`block decision is-${body.status}${state.fresh.has(key) ? " is-fresh" : ""}`}>
      <p><Said text={body.text} mentions={body.mentions} /></p>
      <p class="block-line">
        <DecisionTag decision={body} />
        <span class="meta">{room.category(body.category)}</span>
      </p>
      {body.dissent.map(({ party, reason, at }) => (
        <p class="dissent" key={`${party} ${at}`}>
          <strong>
            <Icon name="hand-stop" /> {texts.objects(capital(room.party(party)))}
          </strong>{" "}
          {reason}
        </p>
      ))}
      {!state.trouble && <DecisionButtons decision={decision} next={next} />}
    </article>
  );
}

function DecisionTag({ decision }: { decision: Decision }): JSX.Element {
  const { texts } = useRoom();
  if (decision.status === "adopted") {
    return (
      <span class="tag tag-good">
        <Icon name="circle-check" />
        {texts.adopted(timeOfDay(decision.adopted_at || decision.at))}
      </span>
    );
  }
  return (
    <span class="tag tag-pending">
      <Icon name="pencil" />
      {texts.proposal}
    </span>
  );
}

function DecisionButtons({ decision: { key, body }, next }: DecisionProps): JSX.Element | null {
  const room = useRoom();
  const { texts } = room;
  const leads = room.may("decision.adopt");
  const adopts = body.status === "proposed" && leads;
  const open = body.status === "proposed" || !leads;
  const mayObject = open && room.may("decision.dissent") && !body.dissent.some(({ party }) => party === room.me.party);
  if (!adopts && !mayObject) return null;
  const quiet = body.status === "adopted" ? "link" : "button button-small button-outline";
  const objectClass = adopts ? "button button-small button-text" : quiet;
  const adopt = (): void => room.give("decision.adopt", { key }, body.version, { read: body.text });
  const object = (): void => {
    room.write("dissent", { decision: key });
    room.set({ tab: "dissent", panel: "case" });
    window.requestAnimationFrame(() => document.getElementById("compose-text")?.focus());
  };
  return (
    <p class="block-buttons">
      {adopts && (
        <button type="button" class={next ? "button button-small" : "button button-outline button-small"} onClick={adopt}>
          {texts.adopt}
        </button>
      )}
      {mayObject && (
        <button type="button" class={objectClass} onClick={object}>
          {objectClass.includes("outline") && <Icon name="hand-stop" />}
          {adopts ? texts.dissent : texts.makeDissent}
        </button>
      )}
    </p>
  );
}

export function Actions(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const shown = room.shown();
  const actions = shown ? under(state.view, "action", shown) : [];
  const open = actions.filter(({ body }) => body.status === "open");
  const mine = open.filter(({ body }) => body.own).length;
  const count = room.may("action.add") ? texts.open(open.length) : `${texts.open(open.length)}, ${texts.forYou(mine)}`;
  return (
    <Part region="actions" title={texts.actions} count={actions.length ? count : ""} empty={texts.noActions}>
      <ul class="actions">
        {actions.map((action) => (
          <ActionRow key={action.key} action={action} />
        ))}
      </ul>
    </Part>
  );
}

function ActionRow({ action: { key, body } }: { action: Kept<"action"> }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const done = body.status === "done";
  const late = daysLate(body, room.today());
  const mayFinish = !done && room.may("action.done") && (body.own || room.may("action.add")) && !state.trouble;
  const line = [capital(room.party(body.owner)), done ? texts.doneAction : body.due && texts.due(shortDay(body.due, texts.locale))];
  return (
    <li class={`action is-${body.status}${state.fresh.has(key) ? " is-fresh" : ""}`}>
      {mayFinish ? (
        <button type="button" class="tick" onClick={() => room.give("action.done", { key }, body.version)}>
          <span class="tick-box" />
          <span class="hidden-visually">{texts.markDone(body.text)}</span>
        </button>
      ) : (
        <span class="tick"><span class="tick-box">{done && <Icon name="check" />}</span></span>
      )}
      <div>
        <p><Said text={body.text} mentions={body.mentions} /></p>
        <p class="meta">{line.filter(Boolean).join(" · ")}</p>
        {late > 0 && <p class="late"><Icon name="alert-triangle" /> {texts.daysLate(late)}</p>}
      </div>
    </li>
  );
}

export function Minutes(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const shown = room.shown();
  const blocks = shown ? under(state.view, "minutes", shown).reverse() : [];
  return (
    <Part region="minutes" title={texts.minutes} count={blocks.length ? texts.blocks(blocks.length) : ""} empty={texts.noMinutes}>
      {blocks.map(({ key, body }) => (
        <article key={key} class={`block${state.fresh.has(key) ? " is-fresh" : ""}`}>
          <p class="minutes-text"><Said text={body.text} mentions={body.mentions} /></p>
          <p class="meta">{[body.author, texts.clock(timeOfDay(body.at)), room.category(body.category)].join(" · ")}</p>
        </article>
      ))}
    </Part>
  );
}
