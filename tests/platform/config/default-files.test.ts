import { expect, test } from "vitest";
import { readDefaultFiles } from "../../../platform/config/default-files.ts";

test("the shipped default files can all be used and fit together", async () => {
  const rows = (await readDefaultFiles()).rows();
  const intents = new Set(rows.intents.map(({ id }) => id));
  for (const kind of ["patterns", "examples"] as const) {
    const named = new Set(rows[kind].map(({ intent }) => intent));
    expect([...named].filter((name) => !intents.has(name))).toEqual([]);
  }
  const services = rows.services.map(({ id }) => id);
  expect(services).toEqual(["weather", "airports", "sports", "events", "streaming", "news", "stocks", "search"]);
  const targets = rows.intents.filter(({ kind }) => kind === "service").map(({ target }) => target);
  expect(targets.filter((target) => !services.includes(target))).toEqual([]);
});

test("a folder's hash changes with any file and not between readings", async () => {
  expect((await readDefaultFiles()).hash).toBe((await readDefaultFiles()).hash);
});
