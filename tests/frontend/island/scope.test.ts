import assert from "node:assert/strict";
import test from "node:test";
import type { CategoryScope } from "../../../frontend/island/protocol.ts";
import { inOrder, kindLine, readersLine, sentence } from "../../../frontend/island/scope.ts";
import { capital, list, textsFor } from "../../../frontend/island/texts.ts";

const nl = textsFor("nl");
const en = textsFor("en-GB");
const names: Record<string, string> = { gez: "gezondheid", fin: "geld", bsn: "BSN", adr: "geheim adres", vbl: "verblijfsrecht" };
const name = (code: string): string => names[code] ?? code;
const entry = (category: string, level: CategoryScope["level"], reason = "covenant"): CategoryScope => ({
  category, level, reason, own: false, readers: [], readers_with_consent: [],
});
const police = [
  ...["id", "pol", "jus", "hnd", "won", "rel"].map((code) => entry(code, "identified")),
  ...["hlp", "vzn", "prc"].map((code) => entry(code, "pseudonymised")),
];

test("the sentence counts what is seen and names what is not, with the reason", () => {
  const scope = [...police, ...["adr", "fin", "gez", "bsn"].map((code) => entry(code, "none", "not_in_covenant"))];
  assert.equal(
    sentence(scope, nl, name),
    "Je ziet zes soorten gegevens met naam en drie met pseudoniem; BSN, gezondheid, geld en geheim adres zie je niet, " +
      "want het convenant geeft die niet aan jouw organisatie.",
  );
});

test("different reasons stand each with their own kinds", () => {
  const scope = [...police, entry("vbl", "none", "consent_missing"), entry("adr", "none", "not_in_covenant")];
  assert.equal(
    sentence(scope, nl, name),
    "Je ziet zes soorten gegevens met naam en drie met pseudoniem; niet verblijfsrecht (daarvoor is nu geen toestemming) " +
      "en geheim adres (staat niet in het convenant).",
  );
});

test("one kind is one kind, and seeing all says nothing of what is missing", () => {
  assert.equal(sentence([entry("id", "identified")], nl, name), "Je ziet één soort gegevens met naam.");
  assert.equal(sentence([entry("prc", "pseudonymised")], nl, name), "Je ziet één soort gegevens met pseudoniem.");
});

test("seeing nothing at all is said in words too", () => {
  assert.match(sentence([entry("gez", "none", "consent_missing")], nl, name), /^Je ziet van deze casus alleen wat je eigen organisatie inbracht; niet/);
});

test("a reason that the island does not know still gives a sentence", () => {
  assert.match(sentence([entry("id", "identified"), entry("gez", "none", "new_code")], nl, name), /gezondheid \(niet in deze fase\)/);
});

test("the sentence is a function of the scope alone: the same whatever the case holds", () => {
  assert.equal(sentence.length, 3);
  assert.equal(sentence(police, nl, name), sentence([...police].reverse(), nl, name));
});

test("per kind it is said in a few words", () => {
  assert.equal(kindLine(entry("vbl", "none", "consent_missing"), nl), "Alleen met toestemming; die is er nu niet.");
  assert.equal(kindLine(entry("gez", "identified", "consent"), nl), "Met naam, met toestemming.");
  assert.equal(kindLine(entry("gez", "identified", "exception"), nl), "Met naam, met een uitzondering.");
  assert.equal(kindLine(entry("prc", "pseudonymised"), nl), "Met pseudoniem.");
});

test("who reads a text is named, and how people appear in it", () => {
  const prc = { ...entry("prc", "pseudonymised"), readers: ["politie", "kwintes"] };
  assert.equal(readersLine(prc, nl, capital), "Politie en Kwintes; namen als pseudoniem.");
  const gez = { ...entry("gez", "none"), readers: ["politie"], readers_with_consent: ["kwintes", "politie"] };
  assert.equal(readersLine(gez, nl, capital), "Politie; ieder ziet namen zoals het convenant haar die geeft; met toestemming ook Kwintes.");
  assert.equal(readersLine({ ...entry("gez", "none") }, nl, capital), "alleen jouw organisatie.");
  assert.equal(readersLine(null, nl, capital), "iedereen in dit overleg.");
});

test("categories stand in the fixed order, unknown ones last", () => {
  assert.deepEqual(inOrder([{ category: "zzz" }, { category: "prc" }, { category: "id" }]).map((one) => one.category), ["id", "prc", "zzz"]);
});

test("lists read as a person would say them", () => {
  assert.equal(list(nl, []), "");
  assert.equal(list(nl, ["a"]), "a");
  assert.equal(list(nl, ["a", "b", "c"]), "a, b en c");
  assert.equal(list(en, ["a", "b"]), "a and b");
});

test("the English says the same", () => {
  assert.equal(sentence([...police], en, name), "You see six kinds of data with names and three with pseudonyms.");
});

test("both languages have words for the same things", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort().map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  assert.deepEqual(shape(en), shape(nl));
});

test("the Dutch has no exclamation marks and no figures of what is hidden", () => {
  const said = JSON.stringify(nl);
  assert.equal(said.includes("!"), false);
  assert.equal(/verborgen|\b403\b/.test(said), false);
});
