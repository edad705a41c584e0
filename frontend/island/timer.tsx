// The time of an agenda item: figures, words and a bar; it says when time runs out, and does nothing.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { minutesAndSeconds, timeOfDay, type Timer, timerAt } from "./clock.ts";
import { useRoom, useSecond } from "./context.ts";
import type { AgendaItem } from "./protocol.ts";

export function ItemTimer({ item }: { item: AgendaItem }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  useSecond();
  const frozen = state.trouble ? state.heard + (state.offset ?? 0) : room.now();
  const timer = item.status === "open" ? timerAt(item.started_at, item.minutes, frozen) : null;
  useWarnings(timer);
  if (!timer) {
    const words = item.status === "closed" ? texts.timerClosed(item.minutes) : texts.timerPlanned(item.minutes);
    return <p class="timer-words timer-still">{words}</p>;
  }
  const words = { running: texts.timerLeft, nearly: texts.timerNearly, over: texts.timerOver }[timer.state](item.minutes);
  return (
    <div class={`timer is-${timer.state}`} role="timer" aria-label={texts.timerName}>
      <span class="timer-figures figures">{minutesAndSeconds(timer.left)}</span>
      <span class="timer-words">{state.trouble ? texts.timerStale(timeOfDay(frozen)) : words}</span>
    </div>
  );
}

/** How much of the time is spent, below the case's name. */
export function TimeBar({ item }: { item: AgendaItem }): JSX.Element | null {
  const room = useRoom();
  useSecond();
  const timer = item.status === "open" ? timerAt(item.started_at, item.minutes, room.now()) : null;
  if (!timer) return <div class="time-bar-none" />;
  return <progress class={`time-bar is-${timer.state}`} max={timer.planned} value={timer.spent} aria-label={room.texts.timerName} />;
}

/** Tell who listens once that two minutes are left, and once that the time is up. */
function useWarnings(timer: Timer | null): void {
  const room = useRoom();
  const before = useRef<Timer["state"] | null>(null);
  const now = timer?.state ?? null;
  useEffect(() => {
    if (before.current === "running" && now === "nearly") room.set({ said: room.texts.twoMinutes });
    if (before.current === "nearly" && now === "over") room.set({ said: room.texts.timeIsUp });
    before.current = now;
  }, [now, room]);
}
