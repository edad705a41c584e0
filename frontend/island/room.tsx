// Brings the room to life on the page that the server sent: ids and labels only, no content.
import { type ComponentType, render } from "preact";
import { App } from "./app.tsx";
import { Status, Title } from "./bar.tsx";
import { RoomContext } from "./context.ts";
import { useSprite } from "./icon.tsx";
import { listen } from "./keys.ts";
import { browser } from "./line.ts";
import { type Labels, Room, type Standing } from "./store.ts";
import { textsFor } from "./texts.ts";

function start(root: HTMLElement): void {
  const { conference = "", person = "", party = "", name = "", socket = "", icons = "", entered, now } = root.dataset;
  useSprite(icons);
  const labels = JSON.parse(document.getElementById("room-labels")?.textContent ?? "{}") as Partial<Labels>;
  const url = new URL(socket, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const room = new Room(
    { conference, person, party, name },
    { parties: {}, categories: {}, roles: {}, ...labels },
    textsFor(document.documentElement.lang),
    url.href,
    browser,
    Date.now,
    () => standing(conference, person),
  );
  if (now) room.set({ offset: Date.parse(now) - Date.now() });
  if (entered === "true") room.enter();
  show(room, root, App);
  show(room, document.getElementById("room-title"), Title);
  show(room, document.getElementById("room-status"), Status);
  listen(room);
  window.addEventListener("online", () => room.state.phase === "lost" && room.line.connect());
  window.addEventListener("beforeunload", (event) => {
    if (room.unsent().length) event.preventDefault();
  });
}

const TRIES = 5;
const BETWEEN_TRIES_MS = 1000;
const PATIENCE_MS = 5000;

/** Ask the server whose session this is now. Only an answer that is surely the server's own counts. */
async function standing(conference: string, person: string): Promise<Standing> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const answer = await fetch(`/api/v1/conferences/${conference}/standing`, {
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const told = (await answer.json()) as { person?: string; error?: string };
      if (told.person) return told.person === person ? "mine" : "ended";
      if (told.error === "not_logged_in") return "ended";
      if (told.error === "not_found") return "not_admitted";
    } catch {
      // No network, or somebody in between who answers in its place: the next try may reach it.
    }
    await new Promise((resolve) => window.setTimeout(resolve, BETWEEN_TRIES_MS));
  }
  return "unknown";
}

function show(room: Room, into: HTMLElement | null, Part: ComponentType): void {
  if (!into) return;
  into.replaceChildren();
  render(
    <RoomContext.Provider value={room}>
      <Part />
    </RoomContext.Provider>,
    into,
  );
}

const root = document.getElementById("room");
if (root) start(root);
