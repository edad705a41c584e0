// The list of keys, and the switch that turns the letters off.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useRoom } from "./context.ts";

export function Help(): JSX.Element | null {
  const room = useRoom();
  const { state, texts } = room;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (state.help) heading.current?.focus();
  }, [state.help]);
  if (!state.help) return null;
  return (
    <section class="sheet help-card" aria-labelledby="help-title" data-region="help">
      <h2 id="help-title" ref={heading} tabIndex={-1} data-home>{texts.helpTitle}</h2>
      <dl class="help-keys">
        {texts.keys.map(([key, does]) => (
          <div key={key}>
            <dt><kbd class="key">{key}</kbd></dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="check">
        <input type="checkbox" id="keys-on" checked={state.keys} onChange={(event) => room.set({ keys: event.currentTarget.checked })} />
        <label for="keys-on">{texts.keysOn}</label>
      </p>
      <p class="meta">{texts.keysHelp}</p>
      <button type="button" class="button button-outline" onClick={() => room.set({ help: false })}>{texts.close}</button>
    </section>
  );
}
