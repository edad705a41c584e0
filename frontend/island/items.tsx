// What is shared about a case, by category in the fixed order; own drafts with the button that releases them.
import type { JSX } from "preact";
import { useRoom } from "./context.ts";
import { Icon } from "./icon.tsx";
import type { CategoryScope, Item, Uuid } from "./protocol.ts";
import { Level, Said } from "./said.tsx";
import { ICONS, place } from "./scope.ts";
import { capital, list } from "./texts.ts";
import { itemsOf, type Kept } from "./view.ts";

export function Items({ caseId, scope }: { caseId: Uuid; scope: readonly CategoryScope[] }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const all = itemsOf(state.view, caseId);
  const found = state.query ? all.filter(({ body }) => matches(body, state.query ?? "")) : all;
  const gated = scope.filter(({ reason }) => reason === "consent_missing").map(({ category }) => category);
  const codes = [...new Set([...found.map(({ body }) => body.category), ...(state.query ? [] : gated)])];
  codes.sort((a, b) => place(a) - place(b));
  return (
    <>
      {state.query && <p class="meta search-found">{texts.found(found.length)}</p>}
      {codes.length === 0 && !state.query && <p class="nothing">{texts.nothingShared}</p>}
      <div class="groups">
        {codes.map((category) => (
          <Group
            key={category}
            category={category}
            items={found.filter(({ body }) => body.category === category)}
            gated={gated.includes(category)}
          />
        ))}
      </div>
    </>
  );

  function matches(item: Item, query: string): boolean {
    return [item.text, room.category(item.category), room.party(item.supplier)].some((text) =>
      text.toLowerCase().includes(query.trim().toLowerCase()),
    );
  }
}

interface GroupProps {
  category: string;
  items: Kept<"item">[];
  gated: boolean;
}

function Group({ category, items, gated }: GroupProps): JSX.Element {
  const room = useRoom();
  return (
    <section class="group" aria-labelledby={`category-${category}`}>
      <h2 class="group-name" id={`category-${category}`}>
        <Icon name={ICONS[category] ?? "circle"} />
        {capital(room.category(category))}
      </h2>
      <div class="group-items">
        {items.map((item) => (
          <ItemLine key={item.key} item={item} />
        ))}
        {gated && <p class="group-none">{room.texts.kindNone.consent_missing}</p>}
      </div>
    </section>
  );
}

function ItemLine({ item: { key, body } }: { item: Kept<"item"> }): JSX.Element {
  const room = useRoom();
  const { state, texts } = room;
  const own = body.own && !state.trouble;
  return (
    <article class={`item is-${body.status}${state.fresh.has(key) ? " is-fresh" : ""}`}>
      <p class="item-text">
        <Said text={body.text} mentions={body.mentions} />
      </p>
      <p class="item-source">
        {body.status === "draft" && (
          <span class="tag tag-pending">
            <Icon name="clipboard-check" />
            {texts.draft}
          </span>
        )}
        <Level level={body.level} />
        <span>{source(body)}</span>
        {own && body.status === "draft" && room.may("item.release") && (
          <button type="button" class="button button-outline button-small" onClick={() => room.give("item.release", { key }, body.version)}>
            {texts.release}
          </button>
        )}
        {own && body.status === "released" && room.may("item.withdraw") && (
          <button type="button" class="link" onClick={() => room.give("item.withdraw", { key }, body.version)}>
            {texts.withdraw}
          </button>
        )}
      </p>
    </article>
  );

  function source(item: Item): string {
    const words = [item.own ? texts.ownItem : room.party(item.supplier), item.kind === "oordeel" ? texts.opinion : texts.fact];
    if (item.status === "draft") words.push(texts.draftSeen);
    if (item.status === "withdrawn") words.push(texts.withdrawn);
    if (item.reason === "consent") words.push(texts.byConsent);
    if (item.reason === "exception") words.push(texts.byException);
    if (item.only_for?.length) words.push(texts.onlyFor(list(texts, item.only_for.map(room.party))));
    if (item.not_for?.length) words.push(texts.notFor(list(texts, item.not_for.map(room.party))));
    return words.join(" · ");
  }
}
