import { expect, test } from "vitest";
import { readTurns } from "../../../atlas/facts/reading/read-turns.ts";

const said = (length: number) => "I live in Leeds and my sister's name is Greta. ".repeat(Math.ceil(length / 47));
const turnsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `${at}`, content: said(1_000) }));

test("many turns are read with pauses in which others run", async () => {
  const startedAt = performance.now();
  const count = 1_000;
  let [pauses, isRead] = [0, false];
  const tick = () => {
    pauses += 1;
    if (!isRead) setImmediate(tick);
  };
  setImmediate(tick);
  await readTurns(turnsOf(count));
  isRead = true;
  expect(performance.now() - startedAt).toBeGreaterThan(50);
  expect(pauses).toBeGreaterThan(2);
});

test("turns that state nothing have no reading, and nobody reads on for who left", async () => {
  const turns = [
    { id: "a", content: "My sister's name is Greta." },
    { id: "b", content: "What is the weather?" },
    { id: "c", content: null },
  ];
  expect([...(await readTurns(turns)).keys()]).toEqual(["a"]);
  await expect(readTurns(turns, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});
