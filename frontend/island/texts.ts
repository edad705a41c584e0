// The room's words by the language of the page, and how lists and numbers are said in them.
import { en } from "./texts.en.ts";
import { nl, type Texts } from "./texts.nl.ts";

export type { Texts } from "./texts.nl.ts";

export function textsFor(language: string): Texts {
  return language.toLowerCase().startsWith("en") ? en : nl;
}

/** "a, b en c". */
export function list(texts: Texts, words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${texts.and} ${words[words.length - 1]}`;
}

/** "Politie": for the beginning of a line; what has capitals of its own keeps them. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
