// Before a case begins: which consent is lacking, and whose step it is. The register itself is kept elsewhere.
import type { JSX } from "preact";
import { useRoom } from "./context.ts";
import { GAP_ICONS, gapLine, neverAsked, pressing, registerPage } from "./gaps.ts";
import { Icon } from "./icon.tsx";
import type { AgendaItem, Case, ConsentGap, Uuid } from "./protocol.ts";
import { capital } from "./texts.ts";

export function Consent({ item, theCase }: { item: AgendaItem; theCase: Case }): JSX.Element | null {
  const { texts } = useRoom();
  if (item.status !== "planned" || !item.case || theCase.consent.length === 0) return null;
  const first = pressing(theCase.consent);
  const rest = neverAsked(theCase.consent);
  return (
    <section class="consent-gaps" data-region="consent" aria-labelledby="consent-title">
      <h2 id="consent-title" tabIndex={-1} data-home>{texts.consent.title}</h2>
      {first.length > 0 && <Gaps gaps={first} caseId={item.case} />}
      {rest.length > 0 && (
        <details class="fold">
          <summary>{texts.consent.neverAsked(rest.length)}</summary>
          <Gaps gaps={rest} caseId={item.case} />
        </details>
      )}
    </section>
  );
}

function Gaps({ gaps, caseId }: { gaps: ConsentGap[]; caseId: Uuid }): JSX.Element {
  return (
    <ul>
      {gaps.map((gap) => (
        <Gap key={`${gap.subject} ${gap.party} ${gap.state} ${gap.day}`} gap={gap} caseId={caseId} />
      ))}
    </ul>
  );
}

function Gap({ gap, caseId }: { gap: ConsentGap; caseId: Uuid }): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  const word = texts.consent.states[gap.state];
  return (
    <li class={`gap is-${gap.state}`}>
      <Icon name={GAP_ICONS[gap.state]} />
      <span>
        <strong>{capital(word)}</strong> · {gapLine(gap, texts, (id) => capital(room.party(id)), room.category)}
        <span class="gap-next"><NextStep gap={gap} caseId={caseId} /></span>
      </span>
    </li>
  );
}

/** Who keeps the register goes there; who leads the meeting reads whom to ask. */
function NextStep({ gap, caseId }: { gap: ConsentGap; caseId: Uuid }): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  if (gap.next === "leave" || gap.next === "wait" || !room.may("consent.withdraw")) {
    return <>{texts.consent.next[gap.next]}</>;
  }
  return (
    <a href={registerPage(caseId, gap)} target="_blank" rel="noopener">
      {texts.consent.toRegister(gap.handle)}
      <span class="hidden-visually">, {texts.consent.newWindow}</span>
    </a>
  );
}
