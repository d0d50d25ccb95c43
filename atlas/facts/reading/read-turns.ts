import { createBreather } from "../../recall/breather.ts";
import { readTurn, type TurnReading } from "./read-turn.ts";

/** What each of many turns states, by its id: of those that state something. Others get their turn in between. */
export const readTurns = async (
  turns: readonly { readonly id: string; readonly content: string | null }[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, TurnReading>> => {
  const breathe = createBreather(signal);
  const readings = new Map<string, TurnReading>();
  for (const { id, content } of turns) {
    await breathe();
    const reading = readTurn(content ?? "");
    if (reading.statements.length + reading.retractions.length > 0) readings.set(id, reading);
  }
  return readings;
};
