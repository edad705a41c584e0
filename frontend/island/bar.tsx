// What stands in the bar above the room, and the line that says that the connection is gone.
import type { JSX } from "preact";
import { longDay, timeOfDay } from "./clock.ts";
import { useRoom, useSecond } from "./context.ts";
import { Icon } from "./icon.tsx";
import { conference } from "./view.ts";

export function Title(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const meeting = conference(state.view);
  if (!meeting || state.blank) return null;
  return (
    <div class="room-title">
      <p class="strong">{meeting.title}</p>
      <p class="meta title-who">
        {room.me.name}, {room.party(room.me.party)}
      </p>
      <p class="meta title-when">
        {longDay(meeting.starts, texts.locale)}, {texts.clock(timeOfDay(meeting.starts))}
      </p>
    </div>
  );
}

export function Status(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  if (state.blank || state.phase === "door" || state.phase === "ended") return null;
  return (
    <div class="room-status">
      <Connection />
      <button type="button" class="button button-text room-help" onClick={() => room.set({ help: !state.help })} aria-expanded={state.help}>
        <Icon name="keyboard" />
        <span class="hidden-visually">{texts.help}</span>
      </button>
      <button type="button" class="button button-outline button-blank" onClick={() => room.set({ blank: true })}>
        <Icon name="eye-off" />
        <span class="wide-only">{texts.blank}</span>
        <span class="narrow-only">{texts.blankShort}</span>
      </button>
    </div>
  );
}

function Connection(): JSX.Element {
  const { state, texts } = useRoom();
  if (state.trouble) {
    return (
      <span class="connection connection-lost">
        <Icon name="wifi-off" />
        <span>{texts.offline}</span>
      </span>
    );
  }
  const busy = state.queue.some((command) => command.state !== "refused");
  const words = !state.hadView ? texts.connecting : busy ? texts.onlineBusy : texts.online;
  return (
    <span class="connection">
      <Icon name={state.hadView && !busy ? "circle-check" : "refresh"} class={state.hadView ? "good" : ""} />
      <span class="wide-only">{words}</span>
      <span class="narrow-only hidden-visually">{words}</span>
    </span>
  );
}

/** One bar for what touches the whole room: no line, no log, no covenant. */
export function Trouble(): JSX.Element | null {
  const { state, texts } = useRoom();
  useSecond();
  const covenantGone = conference(state.view)?.covenant_active === false;
  if (!state.trouble && !state.notice && !covenantGone) return null;
  return (
    <section class="strips" aria-label={texts.notices}>
      {state.trouble && <Offline />}
      {state.notice && <Notice notice={state.notice} />}
      {covenantGone && <CovenantGone />}
    </section>
  );
}

function Offline(): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const time = timeOfDay(state.heard + (state.offset ?? 0));
  return (
    <div class="strip strip-heed">
      <Icon name="wifi-off" />
      <p>
        <strong>{texts.offlineFact(time)}</strong> {texts.offlineCalm} {state.hadView && texts.offlineStale(time)}{" "}
        {state.refusals > 2 && (
          <a href="/login/" target="_blank" rel="noopener">
            {texts.maybeLogin}
          </a>
        )}
      </p>
      <button type="button" class="button button-outline" onClick={() => room.line.connect()}>
        <Icon name="refresh" />
        {texts.tryNow}
      </button>
    </div>
  );
}

function Notice({ notice }: { notice: "slow" | "tooFast" | "logDown" }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const words = notice === "logDown" ? (state.hadView ? texts.logDown : texts.logDownFirst) : texts[notice];
  return (
    <div class="strip strip-heed">
      <Icon name="alert-triangle" />
      <p>{words}</p>
      {notice !== "logDown" && (
        <button type="button" class="button button-text" onClick={() => room.set({ notice: null })}>
          {texts.close}
        </button>
      )}
    </div>
  );
}

function CovenantGone(): JSX.Element {
  const { texts } = useRoom();
  return (
    <div class="strip strip-heed">
      <Icon name="alert-triangle" />
      <p>{texts.covenantInactive}</p>
    </div>
  );
}
