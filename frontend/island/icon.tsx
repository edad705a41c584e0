// An outline of the sprite; hidden from screen readers, because a word always stands beside it.
import type { JSX } from "preact";

let sprite = "";

export function useSprite(url: string): void {
  sprite = url;
}

export function Icon({ name, class: extra }: { name: string; class?: string }): JSX.Element {
  return (
    <svg class={extra ? `icon ${extra}` : "icon"} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
