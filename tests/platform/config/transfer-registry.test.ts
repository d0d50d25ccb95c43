import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Registry } from "../../../platform/config/registry.ts";
import { seedRegistry } from "../../../platform/config/registry-defaults.ts";
import { formatRegistryRows, parseRegistryFile } from "../../../platform/config/registry-file.ts";
import { loadRegistry } from "../../../platform/config/registry-repository.ts";
import { registryKindNames, registryKinds } from "../../../platform/config/registry-rows.ts";
import { exportRegistry, importRegistry } from "../../../platform/config/transfer-registry.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { registryChecks } from "../../../server/registry-checks.ts";
import { openMigratedEmbedded } from "../../support/embedded-database.ts";

let database: PoolDatabase;
beforeAll(async () => {
  database = await openMigratedEmbedded();
}, 60_000);
let fresh: Registry | undefined;
beforeEach(async () => {
  // Seeding takes a second; most tests leave the rows as they were. Equal rows are the same registry.
  if (fresh !== undefined && (await loadRegistry(database, { previous: fresh })) === fresh) return;
  const tables = registryKindNames.map((name) => registryKinds[name].table);
  await database.query(`truncate ${[...tables, "registry_defaults"].join(", ")}`);
  await seedRegistry(database);
  fresh = await loadRegistry(database);
});
afterAll(() => database.close());

const bringIn = (text: string, dryRun = false) =>
  importRegistry(database, text, { checks: registryChecks, actor: "test", dryRun });
const changed = (outcome: Awaited<ReturnType<typeof bringIn>>) =>
  outcome.changes.map(({ kind, added, changed, removed }) => [kind, added, changed, removed]);

describe("export and import", () => {
  test("what was exported imports without a change, all kinds and one", async () => {
    const { changes } = await bringIn(await exportRegistry(database));
    expect(changes.map(({ kind }) => kind)).toEqual(registryKindNames);
    for (const { added, changed, removed } of changes)
      expect({ added, changed, removed }).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(changed(await bringIn(await exportRegistry(database, "patterns")))).toEqual([["patterns", 0, 0, 0]]);
  });

  test("an import makes the file's rows of a kind the ones in force, and leaves other kinds alone", async () => {
    const before = await loadRegistry(database);
    const outcome = await bringIn(`
services:
  - { id: weather, url: null, cacheSeconds: 5, timeoutMs: 4000 }
  - { id: news, url: null, cacheSeconds: 300, timeoutMs: 4000, enabled: false }
  - { id: brand_new, url: "http://127.0.0.1:1", cacheSeconds: 1, timeoutMs: 1 }
`);
    expect(changed(outcome)).toEqual([["services", 1, 2, 6]]);
    const after = await loadRegistry(database);
    expect(after.services.map(({ id }) => id)).toEqual(["brand_new", "weather"]);
    expect({ ...after, services: [], revision: "" }).toEqual({ ...before, services: [], revision: "" });
    const [row] = await database.query("select changed_by, revision from rag_services where id = 'weather'");
    expect(row).toEqual({ changed_by: "test", revision: 2 });
    expect(await seedRegistry(database)).toBeUndefined();
  });

  test.each([
    ["prompts: []", "prompts: the engine needs"],
    ["examples: []", "say --replace"],
    ["client-profiles: []", "client-profiles: 'openai' is missing, which the API key web needs"],
    ["intents: []", "intents: 'chat' is missing"],
  ])("what would take away what is needed is refused: %s", async (text, reason) => {
    const before = await exportRegistry(database);
    const needed = [
      { kind: "clientProfiles", id: "openai", by: "the API key web" },
      { kind: "intents", id: "chat", by: "every query" },
    ] as const;
    const attempt = importRegistry(database, text, { checks: registryChecks, actor: "test", needed });
    await expect(attempt).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining(reason) });
    expect(await exportRegistry(database)).toBe(before);
  });

  test("most rows of a kind go only when that is said", async () => {
    const attempt = (replace: boolean) =>
      importRegistry(database, "examples: []", { checks: registryChecks, actor: "test", dryRun: true, replace });
    await expect(attempt(false)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await attempt(true)).changes[0]?.removed).toBeGreaterThan(1_000);
  });

  test("a dry run says the same and changes nothing", async () => {
    expect(changed(await bringIn("services: []", true))).toEqual([["services", 0, 0, 8]]);
    expect(await loadRegistry(database, { previous: fresh! })).toBe(fresh);
  });

  test("an example of several intents is taken, and so is a rule that negates", async () => {
    const examples = await exportRegistry(database, "examples");
    await bringIn(`${examples}  - { intent: weather+news, locale: en, text: "sun or rain, and what is going on" }\n`);
    expect((await loadRegistry(database)).examples.map(({ intent }) => intent)).toContain("weather+news");
  });

  test("a crew is taken in beside those that ship, and is in force", async () => {
    const crews = await exportRegistry(database, "crews");
    const mine = crew("{ id: mine, description: Do it., expected_output: Done., without_model: combine }");
    expect(changed(await bringIn(`${crews}${mine}`))).toEqual([["crews", 1, 0, 0]]);
    expect((await loadRegistry(database)).crews.map(({ id }) => id)).toEqual([
      "answer",
      "deep-research",
      "mine",
      "report",
      "triage",
    ]);
  });

  test("an intent that nothing leads to is reported", async () => {
    const intents = await exportRegistry(database, "intents");
    const outcome = await bringIn(
      `${intents}  - { id: gardening, description: Plants, kind: chat, target: chat, threshold: 0.5, compose: model }\n`,
    );
    expect(outcome.silentIntents).toEqual(["gardening"]);
  });
});

/** A crew of one agent as a list's item. */
const crew = (tasks: string, more = ""): string =>
  `  - { id: mine, description: Mine., process: graph, agents: [{ id: a, role: A, goal: Work${more} }], tasks: [${tasks}] }\n`;
const done = "description: Do it., expected_output: Done., without_model: combine";

describe("a bad row stops the whole import, with the row and the reason, and the old set stays", () => {
  const phrase = (pattern: string, intent = "weather") =>
    `patterns:\n  - { intent: help, locale: en, kind: phrase, pattern: "aid" }\n  - { intent: ${intent}, locale: en, kind: phrase, pattern: "${pattern}" }\n`;
  const regex = (pattern: string) =>
    `patterns:\n  - { intent: weather, locale: en, kind: regex, pattern: '${pattern}' }\n`;
  test.each([
    [
      "crew with an unknown tool",
      `crews:\n${crew(`{ id: one, ${done} }`, ", tools: [magic]")}`,
      /crews, row 1 \(mine\).*'magic'/,
    ],
    ["crew with an unknown model", `crews:\n${crew(`{ id: one, ${done} }`, ", model: huge")}`, /'huge'/],
    [
      "crew whose tasks wait for one another",
      `crews:\n${crew(`{ id: one, needs: [two], ${done} }, { id: two, needs: [one], ${done} }`)}`,
      /one → two\./,
    ],
    ["crew with a limit of zero", `crews:\n${crew(`{ id: one, max_rounds: 0, ${done} }`)}`, /tasks\.0\.max_rounds/],
    ["crew with an unknown field", "crews:\n  - { id: mine, colour: red }\n", /colour/],
    [
      "crew that speaks of what its input does not have",
      `crews:\n${crew(`{ id: one, ${done} }`).replace("Do it.", '"Tell of {place}."').replace("process:", "input: { type: object, properties: { topic: {} } }, process:")}`,
      /\{place\}/,
    ],
    ["unbalanced phrase", phrase("(broken"), /patterns, row 2 \(weather.*a '\)' is missing/],
    ["exploding phrase", phrase("(a|b|c|d|e|f|g|h|i|j) ".repeat(8)), /patterns, row 2 .*multiply out/],
    ["exploding options", phrase("[a] ".repeat(60)), /patterns, row 2 .*multiply out/],
    ["look-ahead", regex("(?=x)y"), /patterns, row 1 .*RE2/],
    ["back-reference", regex("(a)\\1"), /patterns, row 1 .*RE2/],
    ["exploding repeats", regex("((a{100}){100}){100}"), /patterns, row 1 .*RE2/],
    ["regex that fits anything", regex(".*"), /patterns, row 1 .*empty text/],
    ["pattern of an unknown intent", phrase("hello", "nowhere"), /patterns, row 2 .*no intent 'nowhere'/],
    [
      "example of an unknown intent",
      "examples:\n  - { intent: nowhere, locale: en, text: hi }",
      /examples, row 1 .*'nowhere'/,
    ],
    ["example of several, one unknown", "examples:\n  - { intent: news+nowhere, locale: en, text: hi }", /'nowhere'/],
    ["same row twice", phrase("aid", "help"), /patterns, row 2 .*row 1 is the same/],
    [
      "validation rule of unknown kind",
      "validation-rules:\n  - { id: x, kind: strange, severity: block }",
      /validation-rules, row 1 \(x\): kind/,
    ],
    [
      "validation rule that does not compile",
      "validation-rules:\n  - { id: x, kind: forbidden, severity: block, parameters: { pattern: '(?=x)' } }",
      /validation-rules, row 1/,
    ],
    [
      "split rule without separator",
      "multi-intent-rules:\n  - { kind: split, rule: { locale: en } }",
      /multi-intent-rules, row 1/,
    ],
    [
      "rule of unknown kind",
      "multi-intent-rules:\n  - { kind: merge, rule: { locale: en } }",
      /multi-intent-rules, row 1/,
    ],
    [
      "chain into a slot that is not there",
      "multi-intent-rules:\n  - { kind: chain, rule: { from: airports, to: weather, field: city, slot: nothing } }",
      /no slot 'nothing'/,
    ],
    ["unknown field", "services:\n  - { id: weather, cacheSeconds: 1, timeoutMs: 1, speed: 3 }", /no field 'speed'/],
    ["unknown kind of rows", "recipes: []", /no kind of rows 'recipes'/],
    ["not a list", "services: { id: weather }", /services must be a list/],
    ["not YAML", "services: [", /not YAML/],
    ["nothing", "", /must name kinds/],
  ])("%s", async (_, text, message) => {
    await expect(bringIn(text)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(message),
    });
    expect(await loadRegistry(database, { previous: fresh! })).toBe(fresh);
  });

  test("an unknown recogniser, and intents that rows of the database still need", async () => {
    const intents = await exportRegistry(database, "intents");
    await expect(bringIn(intents.replace("recogniser: ticker", "recogniser: crystal_ball"))).rejects.toThrow(
      /intents, row \d+ \(stocks\): its slot 'ticker' has the unknown recogniser 'crystal_ball'/,
    );
    await expect(
      bringIn(
        "intents:\n  - { id: chat, description: Talk, kind: chat, target: chat, threshold: 0.5, compose: model }",
      ),
    ).rejects.toThrow(/of the database: there is no intent/);
  });

  test("every bad row is named, not only the first", async () => {
    const text = "services:\n  - { id: weather }\n  - { id: news, cacheSeconds: -1, timeoutMs: 1 }\n";
    await expect(bringIn(text)).rejects.toThrow(/services, row 1 [\s\S]*services, row 2 /);
  });
});

test("whatever texts rows hold, what is written is read back the same", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).map((text) => `x${text}`.trim());
  const rows = fc.record({
    examples: fc.uniqueArray(
      fc.record({ intent: fc.constant("weather"), locale: fc.constant("en"), text: word, enabled: fc.boolean() }),
      {
        selector: ({ text }) => text,
        minLength: 1,
      },
    ),
    prompts: fc.uniqueArray(
      fc.record({
        key: fc.constant("system"),
        locale: fc.constant("en"),
        version: fc.integer({ min: 1, max: 99 }),
        text: word,
        enabled: fc.boolean(),
      }),
      { selector: ({ version }) => version, minLength: 1 },
    ),
  });
  fc.assert(
    fc.property(rows, (given) => {
      expect(parseRegistryFile(formatRegistryRows(given))).toEqual(given);
    }),
  );
});
