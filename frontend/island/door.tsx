// Before coming in, while waiting, after leaving, and the blank screen.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { longDay, timeOfDay } from "./clock.ts";
import { useRoom, useSecond } from "./context.ts";
import { Icon } from "./icon.tsx";
import type { End } from "./line.ts";
import { capital } from "./texts.ts";
import { all, conference } from "./view.ts";

/** Takes the focus when it comes, so that who listens knows where she is. */
function Heading({ children }: { children: ComponentChildren }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return <h1 ref={heading} tabIndex={-1} data-home>{children}</h1>;
}

function DoorPicture(): JSX.Element {
  return (
    <svg class="door-picture" viewBox="0 0 132 132" aria-hidden="true">
      <circle class="door-round" cx="66" cy="66" r="66" />
      <path class="door-leaf" d="M40 105V34a5 5 0 0 1 5-5h42a5 5 0 0 1 5 5v71M25 105h82" />
      <path class="door-sign" d="M50 44h32v14H50zM54 51h24" />
      <circle class="door-knob" cx="82" cy="70" r="3" />
    </svg>
  );
}

/** "Voordat je binnenkomt": who you are here, one sentence to confirm, one button. */
export function Before(): JSX.Element {
  const room = useRoom();
  const { texts, me } = room;
  const [agreed, agree] = useState(false);
  const [missing, miss] = useState(false);
  const enter = (event: Event): void => {
    event.preventDefault();
    if (agreed) room.enter();
    else miss(true);
  };
  return (
    <main id="main" class="door" tabIndex={-1}>
      <div class="door-words">
        <DoorPicture />
        <Heading>{texts.doorTitle}</Heading>
        <p class="lead">{texts.doorText}</p>
      </div>
      <form class="sheet door-card" onSubmit={enter} noValidate>
        <h2>{texts.before}</h2>
        <dl class="facts">
          <dt>{texts.youAre}</dt>
          <dd>{me.name}, {room.party(me.party)}</dd>
          <dt>{texts.log}</dt>
          <dd>{texts.logText}</dd>
        </dl>
        <hr />
        {missing && !agreed && <p class="field-error" id="agree-error"><Icon name="alert-circle" />{texts.enterMissing}</p>}
        <div class="check">
          <input
            type="checkbox"
            id="agree"
            checked={agreed}
            aria-describedby={missing && !agreed ? "agree-error agree-help" : "agree-help"}
            aria-invalid={(missing && !agreed) || undefined}
            onChange={(event) => agree(event.currentTarget.checked)}
          />
          <div>
            <label for="agree">{texts.shareOnly}</label>
            <p class="meta" id="agree-help">{texts.shareHelp}</p>
          </div>
        </div>
        <button type="submit" class="button button-wide"><Icon name="door-enter" />{texts.enter}</button>
      </form>
    </main>
  );
}

/** "Even wachten": the same words at the door, in a break, between items and while another case is open. */
export function Wait(): JSX.Element {
  const room = useRoom();
  const { state, texts, me } = room;
  const meeting = conference(state.view);
  const ready = all(state.view, "item").filter(({ body }) => body.own && body.status === "draft").length;
  return (
    <div class="wait" data-region="sheet">
      <div class="door-words">
        <DoorPicture />
        <h1 tabIndex={-1} data-home>{texts.waitTitle}</h1>
        <p class="lead">{texts.waitText} {texts.waitMore}</p>
      </div>
      {meeting && (
        <div class="sheet door-card">
          <h2>{meeting.title}</h2>
          <dl class="facts">
            <dt>{texts.meeting}</dt>
            <dd>{longDay(meeting.starts, texts.locale)}, {texts.clock(timeOfDay(meeting.starts))}</dd>
            <dt>{texts.youAre}</dt>
            <dd>{me.name}, {room.party(me.party)}</dd>
            <dt>{texts.chair}</dt>
            <dd>{meeting.chair}</dd>
            <dt>{texts.covenant}</dt>
            <dd>{meeting.covenant}</dd>
            <dt>{texts.log}</dt>
            <dd>{texts.logText}</dd>
          </dl>
          {ready > 0 && (
            <p class="sunken row">
              <Icon name="clipboard-check" />
              <span><strong>{capital(texts.ownReady(ready))}</strong><br /><span class="meta">{capital(texts.draftSeen)}.</span></span>
            </p>
          )}
        </div>
      )}
    </div>
  );
}

const TARGETS: Record<End, string | null> = { 4400: null, 4401: "/login/", 4403: "/" };

/** The room is gone from this window; what she wrote herself is not. */
export function Ended({ end }: { end: End }): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  const { title, text, action } = texts.end[end];
  const unsent = room.unsent();
  const target = TARGETS[end];
  const kept = unsent.length > 0;
  return (
    <main id="main" class="page page-narrow" tabIndex={-1}>
      <Heading>{title}</Heading>
      <p class="lead">{text}</p>
      <p class="row ended-buttons">
        {target === null ? (
          <button type="button" class="button" onClick={() => location.reload()}>{action}</button>
        ) : (
          <a class="button" href={target} {...(kept ? { target: "_blank", rel: "noopener" } : {})}>{action}</a>
        )}
        {kept && end !== 4400 && (
          <button type="button" class="button button-outline" onClick={() => void room.resume()}>{end === 4401 ? texts.resume : texts.tryNow}</button>
        )}
      </p>
      {kept && (
        <section class="section">
          <h2>{texts.kept}</h2>
          <p class="help">{texts.keptHelp}</p>
          {unsent.map((words, at) => (
            <textarea key={at} class="input" readOnly value={words} aria-label={texts.kept} />
          ))}
          <p class="ended-buttons">
            <button type="button" class="button button-text" onClick={() => room.forget()}>{texts.keptClear}</button>
          </p>
        </section>
      )}
    </main>
  );
}

/** Paper, wordmark and time; the text of the meeting is gone from the page itself. */
export function Blank(): JSX.Element {
  const room = useRoom();
  const { texts } = room;
  useSecond();
  return (
    <main id="main" class="blank" tabIndex={-1}>
      <p class="blank-time figures">{timeOfDay(room.now())}</p>
      <Heading>{texts.blankTitle}</Heading>
      <p class="lead">{texts.blankText}</p>
      <button type="button" class="button" onClick={() => room.set({ blank: false })}>{texts.unblank}</button>
    </main>
  );
}
