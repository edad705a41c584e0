// The one room of this window, for every part of the screen.
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Room } from "./store.ts";

export const RoomContext = createContext<Room | null>(null);

/** The room; the part is drawn again whenever it changes. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("no room");
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => room.watch(() => redraw(undefined)), [room]);
  return room;
}

/** Draws the part again each second: for what depends on the time. */
export function useSecond(): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const handle = window.setInterval(() => redraw(undefined), 1000);
    return () => window.clearInterval(handle);
  }, []);
}
