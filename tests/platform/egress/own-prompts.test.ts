import { expect, test } from "vitest";
import { readDefaultFiles } from "../../../platform/config/default-files.ts";
import { createPermit } from "../../../platform/egress/create-permit.ts";

const prompts = ((await readDefaultFiles()).rows().prompts as readonly { key: string; text: string }[]).filter(
  ({ key }) => /^(?:system|classify|evidence)(?:\.|$)/.test(key),
);

test("there are prompts to be looked at", () => {
  expect(prompts.length).toBeGreaterThan(4);
});

test.each(prompts.map(({ key, text }) => [key, text]))(
  "nothing of the engine's own prompt %s is concealed",
  (_, text) => {
    expect(createPermit({ class: "sanitized", confidential: true, budgetMs: 5_000 }).conceal(text)).toBe(text);
  },
);

test.each(["Athena Kowalska", "Anna Athena"])("a person called %s still is", (name) => {
  const permit = createPermit({ class: "sanitized", confidential: true, budgetMs: 5_000 });
  expect(permit.conceal(`My name is ${name}.`)).not.toContain(name);
});
