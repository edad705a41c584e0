import assert from "node:assert/strict";
import test from "node:test";
import {
  dayOf, daysAfter, longDay, minutesAndSeconds, readDay, shortDay, timeOfDay, timerAt, typedDay,
} from "../../../frontend/island/clock.ts";

const START = "2026-11-23T12:41:00+00:00";
const at = (minutes: number, seconds = 0): number => Date.parse(START) + (minutes * 60 + seconds) * 1000;

test("the timer counts down from the server's time", () => {
  const timer = timerAt(START, 20, at(12, 34));
  assert.deepEqual(timer, { left: 446, planned: 1200, spent: 754, state: "running" });
  assert.equal(minutesAndSeconds(446), "7:26");
});

test("it warns in the last two minutes", () => {
  assert.equal(timerAt(START, 20, at(17, 59))?.state, "running");
  assert.equal(timerAt(START, 20, at(18))?.state, "nearly");
  assert.equal(timerAt(START, 20, at(20))?.state, "nearly");
});

test("a short item does not begin with a warning", () => {
  assert.equal(timerAt(START, 2, at(0, 30))?.state, "running");
  assert.equal(timerAt(START, 2, at(1))?.state, "nearly");
});

test("over time it goes on counting and says how much, and the bar stays full", () => {
  const timer = timerAt(START, 20, at(22, 10));
  assert.equal(timer?.state, "over");
  assert.equal(timer?.spent, 1200);
  assert.equal(minutesAndSeconds(timer?.left ?? 0), "+2:10");
});

test("an item that was not started has no timer, and a clock that lags shows the full time", () => {
  assert.equal(timerAt(null, 20, at(0)), null);
  assert.equal(timerAt("", 20, at(0)), null);
  assert.equal(timerAt(START, 20, at(-3))?.left, 1200);
});

test("times and days are those of the Netherlands, in winter and in summer", () => {
  assert.equal(timeOfDay("2026-11-23T12:41:00+00:00"), "13.41");
  assert.equal(timeOfDay("2026-07-01T12:41:00+00:00"), "14.41");
  assert.equal(dayOf("2026-11-23T23:30:00+00:00"), "2026-11-24");
});

test("dates are written the Dutch way, or the English", () => {
  assert.equal(longDay("2026-11-23T12:30:00+00:00", "nl"), "maandag 23 november 2026");
  assert.match(longDay("2026-11-23T12:30:00+00:00", "en"), /^Monday,? 23 November 2026$/);
  assert.equal(shortDay("2026-11-24", "nl"), "di 24 november");
});

test("a typed date is read with dashes, slashes or dots, with a short year or none", () => {
  const today = "2026-11-23";
  for (const typed of ["30-11-2026", "30/11/2026", "30.11.26", "30-11", " 30 11 2026 "]) {
    assert.equal(readDay(typed, today), "2026-11-30", typed);
  }
  assert.equal(readDay("2-1", today), "2027-01-02");
  assert.equal(readDay("1-12-2025", today), "2025-12-01");
});

test("what is no date is refused", () => {
  for (const typed of ["", "morgen", "31-11-2026", "0-1-2026", "30-13-2026", "2026-11-30x"]) {
    assert.equal(readDay(typed, "2026-11-23"), null, typed);
  }
});

test("a week later is a week later, also over the change of the clock", () => {
  assert.equal(daysAfter("2026-11-23", 7), "2026-11-30");
  assert.equal(daysAfter("2026-10-24", 7), "2026-10-31");
  assert.equal(typedDay("2026-11-30"), "30-11-2026");
});
