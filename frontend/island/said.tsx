// A text as this viewer reads it: people as chips, by name or by handle and pseudonym.
import { Fragment, type JSX } from "preact";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import { segments, shortPseudonym } from "./mentions.ts";
import type { Mention } from "./protocol.ts";

export function Said({ text, mentions }: { text: string; mentions: readonly Mention[] }): JSX.Element {
  return (
    <>
      {segments(text, mentions).map((part, at) =>
        part.kind === "text" ? <Fragment key={at}>{part.text}</Fragment> : <Person key={at} {...part} />,
      )}
    </>
  );
}

interface PersonProps {
  named: boolean;
  text: string;
  handle: string;
  pseudonym: string;
  first: boolean;
}

function Person({ named, text, handle, pseudonym, first }: PersonProps): JSX.Element {
  if (named) return <span class="mention">{text}</span>;
  return (
    <span class="mention mention-pseudonym">
      {handle}
      {first && <span class="pseudonym"> {shortPseudonym(pseudonym)}</span>}
    </span>
  );
}

/** "met naam" or "met pseudoniem", as icon and words. */
export function Level({ level }: { level: "identified" | "pseudonymised" }): JSX.Element {
  const { texts } = useRoom();
  const named = level === "identified";
  return (
    <span class={named ? "level" : "level level-pseudonym"}>
      <Icon name={named ? "user" : "hash"} />
      {named ? texts.named : texts.pseudonymised}
    </span>
  );
}
