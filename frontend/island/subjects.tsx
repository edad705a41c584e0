// The people of a case in one line: name where it is shown, handle and own pseudonym always.
import type { JSX } from "preact";
import { useRoom } from "./context.ts";
import { shortPseudonym } from "./mentions.ts";
import type { Subject, Uuid } from "./protocol.ts";
import { subjectsOf } from "./view.ts";

export function Subjects({ caseId }: { caseId: Uuid }): JSX.Element | null {
  const { state, texts } = useRoom();
  const people = subjectsOf(state.view, caseId);
  if (people.length === 0) return null;
  return (
    <ul class="subjects" aria-label={texts.people}>
      {people.map(({ key, body }) => (
        <li key={key}>
          {body.name ? (
            <>
              <span class="mention">{body.name}</span> {body.handle}
            </>
          ) : (
            <span class="mention mention-pseudonym">{body.handle}</span>
          )}
          {" · "}
          <span class="pseudonym">{shortPseudonym(body.pseudonym)}</span>
          {" · "}
          {about(body)}
        </li>
      ))}
    </ul>
  );

  function about({ role, age_band }: Subject): string {
    return [texts.roles[role] ?? role, age_band].filter(Boolean).join(", ");
  }
}
