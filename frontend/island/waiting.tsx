// What is on its way: not sent yet, or refused, always with the text that was written.
import type { JSX } from "preact";
import { useRoom, useSecond } from "./context.ts";
import { Icon } from "./icon.tsx";
import { type Pending, removable } from "./queue.ts";
import { TABS } from "./drafts.ts";
import type { Texts } from "./texts.ts";

const PATIENCE_MS = 1_500;

/** Waiting commands: a dashed block each, with Weghalen while it never left this window. */
export function Waiting(): JSX.Element | null {
  const room = useRoom();
  const { state } = room;
  useSecond();
  const late = Date.now() - PATIENCE_MS;
  const shown = state.queue.filter((pending) => pending.state !== "refused" && (state.trouble || pending.at < late));
  if (shown.length === 0) return null;
  return (
    <section class="waiting" aria-label={room.texts.notSent}>
      {shown.map((pending) => (
        <WaitingBlock key={pending.id} pending={pending} />
      ))}
    </section>
  );
}

function WaitingBlock({ pending }: { pending: Pending }): JSX.Element {
  const room = useRoom();
  const { texts, state } = room;
  const words = pending.state === "waiting" ? texts.notSent : state.trouble ? texts.unconfirmed : texts.saving;
  return (
    <article class="block block-pending">
      <p>{whatOf(pending, texts)}</p>
      <p class="block-line">
        <span class="tag tag-pending"><Icon name="hourglass" />{words}</span>
        {removable(pending) && (
          <button type="button" class="link small" onClick={() => room.remove(pending.id)}>{texts.remove}</button>
        )}
      </p>
    </article>
  );
}

/** What the server refused, above the composer: why, both texts after a conflict, and the way on. */
export function Refused(): JSX.Element | null {
  const room = useRoom();
  const refused = room.state.queue.filter(({ state }) => state === "refused");
  if (refused.length === 0) return null;
  return (
    <div class="refused" role="alert">
      {refused.map((pending) => (
        <RefusedBlock key={pending.id} pending={pending} />
      ))}
    </div>
  );
}

function RefusedBlock({ pending }: { pending: Pending }): JSX.Element {
  const room = useRoom();
  const { texts, state } = room;
  const { written } = pending;
  const tab = TABS.find((known) => known === written?.tab);
  const free = tab !== undefined && state.drafts[tab].text === "";
  const current = textOf(pending.current);
  return (
    <article class="notice notice-heed refused-block">
      <Icon name="alert-triangle" />
      <div>
        <p><strong>{texts.refusedTitle}: {whatOf(pending, texts)}</strong></p>
        <p>{texts.nack[pending.code ?? ""] ?? texts.nackElse(pending.code ?? "")}</p>
        {pending.read && <p>{texts.youRead} {pending.read}</p>}
        {current && <p>{texts.nowReads} {current}</p>}
        <p class="block-buttons">
          {written && free && (
            <button type="button" class="button button-outline button-small" onClick={() => room.restore(pending)}>{texts.backToField}</button>
          )}
          {(!written || !free || pending.code === "log_unavailable") && pending.code !== "role_party" && (
            <button type="button" class="button button-outline button-small" onClick={() => room.retry(pending)}>{texts.tryAgain}</button>
          )}
          <button type="button" class="button button-text button-small" onClick={() => room.remove(pending.id)}>{texts.remove}</button>
        </p>
      </div>
    </article>
  );
}

function whatOf(pending: Pending, texts: Texts): string {
  return pending.written?.text ?? texts.steered[pending.do] ?? pending.do;
}

function textOf(current: unknown): string | null {
  if (typeof current !== "object" || current === null || !("text" in current)) return null;
  return typeof current.text === "string" ? current.text : null;
}
