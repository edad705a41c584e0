// What a change says to somebody who listens: short sentences for the polite live region.
import type { Action, AgendaItem, Body, Change, Decision, Item } from "./protocol.ts";
import type { Texts } from "./texts.ts";
import { titleOf, type View } from "./view.ts";

/** Sentences about what came with this change; at most three, the most telling first. */
export function news(before: View, after: View, frame: Change, texts: Texts, category: (code: string) => string): string[] {
  const said: string[] = [];
  for (const [key, body] of Object.entries(frame.put)) {
    const sentence = newsOf(key, body, before, after, texts, category);
    if (sentence && !said.includes(sentence)) said.push(sentence);
  }
  return said.slice(0, 3);
}

function newsOf(
  key: string,
  body: Body,
  before: View,
  after: View,
  texts: Texts,
  category: (code: string) => string,
): string | null {
  const kind = key.slice(0, key.indexOf(":"));
  const old = before.get(key);
  if (kind === "agenda_item") return agendaNews(body as AgendaItem, old as AgendaItem | undefined, after, texts);
  if (kind === "decision") return decisionNews(body as Decision, old as Decision | undefined, texts);
  if (kind === "action") return actionNews(body as Action, old as Action | undefined, texts);
  if (kind === "item") return old ? null : texts.said.item(category((body as Item).category));
  return kind === "minutes" && !old ? texts.said.minutes : null;
}

function agendaNews(body: AgendaItem, old: AgendaItem | undefined, after: View, texts: Texts): string | null {
  if (body.status !== "open" || old?.status === "open") return null;
  return texts.said.now(titleOf(after, body, texts.untitled));
}

function decisionNews(body: Decision, old: Decision | undefined, texts: Texts): string | null {
  if (body.status === "adopted" && old?.status !== "adopted") return texts.said.adopted;
  if (old && body.dissent.length > old.dissent.length) return texts.said.dissent;
  return old ? null : texts.said.decision;
}

function actionNews(body: Action, old: Action | undefined, texts: Texts): string | null {
  if (body.status === "done" && old?.status === "open") return texts.said.done;
  return old ? null : texts.said.action;
}
