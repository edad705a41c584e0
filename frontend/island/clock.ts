// The timer of an agenda item, from the server's time alone. It warns and counts on; it never acts.

export interface Timer {
  /** Seconds left; below zero when the time is over. */
  left: number;
  /** Seconds since the start, at most the planned time: for the bar. */
  spent: number;
  planned: number;
  state: "running" | "nearly" | "over";
}

const WARN_SECONDS = 120;

/** The timer at `now` (ms since 1970, the server's time), or null when the item is not started. */
export function timerAt(startedAt: string | null, minutes: number, now: number): Timer | null {
  if (startedAt === null) return null;
  const started = Date.parse(startedAt);
  if (Number.isNaN(started)) return null;
  const planned = minutes * 60;
  const elapsed = Math.max(0, Math.floor((now - started) / 1000));
  const left = planned - elapsed;
  const state = left < 0 ? "over" : left <= Math.min(WARN_SECONDS, planned / 2) ? "nearly" : "running";
  return { left, planned, spent: Math.min(elapsed, planned), state };
}

/** 446 as "7:26"; -130 as "+2:10". */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.abs(seconds);
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 ? `+${text}` : text;
}

const ZONE = "Europe/Amsterdam";

/** "13.41": the time of day in the Netherlands; with "uur" behind it in Dutch, see texts. */
export function timeOfDay(moment: string | number): string {
  const parts = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE });
  return parts.format(new Date(moment)).replace(":", ".");
}

/** The day in the Netherlands as "2026-11-23". */
export function dayOf(moment: string | number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date(moment));
}

/** "maandag 23 november 2026". */
export function longDay(moment: string | number, language: string): string {
  const form: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: ZONE };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-NL", form).format(new Date(moment));
}

/** "di 24 november", of a day as "2026-11-24". */
export function shortDay(day: string, language: string): string {
  const form: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-NL", form).format(new Date(`${day}T12:00:00Z`));
}

/** A day `days` after "2026-11-23". */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** "2026-11-24" as it is typed: "24-11-2026". */
export function typedDay(day: string): string {
  return day.split("-").reverse().join("-");
}

/** "24-11-2026", "24-11" or "24/11/26" as "2026-11-24"; null when it is no day. Without a year: the next such day. */
export function readDay(typed: string, today: string): string | null {
  const match = /^\s*(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?\s*$/.exec(typed);
  if (!match) return null;
  const [, day = "", month = "", year] = match;
  const build = (full: number): string | null => {
    const text = `${full}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    const parsed = new Date(`${text}T12:00:00Z`);
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text) ? text : null;
  };
  if (year) return build(year.length === 2 ? 2000 + Number(year) : Number(year));
  const thisYear = build(Number(today.slice(0, 4)));
  return thisYear !== null && thisYear < today ? build(Number(today.slice(0, 4)) + 1) : thisYear;
}
