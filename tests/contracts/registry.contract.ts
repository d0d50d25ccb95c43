import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { seedRegistry } from "../../platform/config/registry-defaults.ts";
import { loadRegistry } from "../../platform/config/registry-repository.ts";
import { registryKindNames, registryKinds } from "../../platform/config/registry-rows.ts";
import { createRegistrySource } from "../../platform/config/registry-source.ts";
import type { Database } from "../../platform/db/database.ts";

const intents = `
- { id: weather, description: Weather, kind: service, target: weather, threshold: 0.5, compose: facts,
    slots: [{ name: place, recogniser: place, required: true }] }
- { id: chat, description: Talk, kind: chat, target: "", threshold: 0, compose: model }
`;

/** Registry and its defaults, on whatever database. */
export const registryContract = (databaseOf: () => Database): void => {
  const quiet = { warn: vi.fn(), error: vi.fn() };
  let folder: string;

  const file = (name: string, text: string) => writeFile(join(folder, name), text);
  const seed = () => seedRegistry(databaseOf(), folder);
  const empty = async () => {
    const tables = registryKindNames.map((name) => registryKinds[name].table);
    await databaseOf().query(`truncate ${[...tables, "registry_defaults"].join(", ")}`);
  };

  describe("registry", () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "athena-defaults-"));
    });
    beforeEach(async () => {
      await empty();
      quiet.warn.mockClear();
      await file("intents.yaml", intents);
      await file("patterns.yaml", "- { intent: weather, locale: en, kind: phrase, pattern: 'weather in {place}' }\n");
      await file("examples.en.yaml", "weather: [will it rain, is it cold]\nchat: [hello there]\n");
      await file("prompts.yaml", "- { key: system, locale: en, version: 1, text: Be kind. }\n");
    });
    afterAll(async () => {
      await empty();
      await rm(folder, { recursive: true });
    });

    test("takes the default files and gives them frozen, with a revision of their content", async () => {
      expect(await seed()).toEqual({ inserted: 7, updated: 0, removed: 0, kept: 0 });
      const registry = await loadRegistry(databaseOf());
      expect(registry.intents.map(({ id, enabled }) => [id, enabled])).toEqual([
        ["chat", true],
        ["weather", true],
      ]);
      expect(registry.patterns).toEqual([
        { intent: "weather", locale: "en", kind: "phrase", pattern: "weather in {place}", slots: {} },
      ]);
      expect(registry.examples.map(({ text }) => text)).toEqual(["will it rain", "is it cold", "hello there"]);
      expect(Object.isFrozen(registry) && Object.isFrozen(registry.intents[1]!.slots[0])).toBe(true);
      expect((await loadRegistry(databaseOf())).revision).toBe(registry.revision);
      const [row] = await databaseOf().query("select changed_by, revision from intents where id = 'chat'");
      expect(row).toEqual({ changed_by: "defaults", revision: 1 });
    });

    test("does nothing when the files did not change, and only once when several processes start", async () => {
      const outcomes = await Promise.all([seed(), seed(), seed()]);
      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
      expect(await seed()).toBeUndefined();
    });

    test("follows changed files, but keeps what an operator changed, deleted or added", async () => {
      await seed();
      await databaseOf().query("update intents set threshold = 0.9 where id = 'weather'");
      await databaseOf().query("delete from intent_examples where text = 'is it cold'");
      await databaseOf().query(
        "insert into intent_examples (intent, locale, text) values ('weather', 'en', 'any wind')",
      );
      await file("intents.yaml", intents.replaceAll("threshold: 0.5", "threshold: 0.6").replace("Talk", "Talk freely"));
      await file("examples.en.yaml", "weather: [will it rain, is it cold, snow today]\n");
      expect(await seed()).toEqual({ inserted: 1, updated: 1, removed: 1, kept: 2 });
      const registry = await loadRegistry(databaseOf());
      expect(registry.intents.map(({ description, threshold }) => [description, threshold])).toEqual([
        ["Talk freely", 0],
        ["Weather", 0.9],
      ]);
      expect(registry.examples.map(({ text }) => text)).toEqual(["will it rain", "any wind", "snow today"]);
      expect(await databaseOf().query("select changed_by, revision from intents order by id")).toEqual([
        { changed_by: "defaults", revision: 2 },
        { changed_by: "operator", revision: 2 },
      ]);
      // Once more with other files: the operator's rows are still the operator's.
      await file("examples.en.yaml", "weather: [is it cold]\n");
      expect(await seed()).toMatchObject({ inserted: 0, removed: 2, kept: 2 });
      expect((await loadRegistry(databaseOf())).examples.map(({ text }) => text)).toEqual(["any wind"]);
    });

    test("refuses a default file that cannot be used, and writes nothing", async () => {
      await file("patterns.yaml", "- { intent: weather, locale: en, kind: regex, pattern: '(a)\\1' }\n");
      await expect(seed()).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("Row 1 of the default file patterns.yaml"),
      });
      await file("patterns.yaml", "- {");
      await expect(seed()).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("patterns.yaml"),
      });
      expect((await loadRegistry(databaseOf())).intents).toEqual([]);
    });

    test("leaves out disabled rows and what belongs to a disabled intent, and takes the newest prompt", async () => {
      await seed();
      await databaseOf().query("update intents set enabled = false where id = 'weather'");
      await databaseOf().query(
        "insert into prompts (key, locale, version, text) values ('system', 'en', 2, 'Be brief.')",
      );
      const registry = await loadRegistry(databaseOf());
      expect(registry.intents.map(({ id }) => id)).toEqual(["chat"]);
      expect([registry.patterns, registry.examples.map(({ text }) => text)]).toEqual([[], ["hello there"]]);
      expect(registry.prompts.map(({ version }) => version)).toEqual([2]);
      await databaseOf().query("update prompts set enabled = false where version = 2");
      expect((await loadRegistry(databaseOf())).prompts.map(({ text }) => text)).toEqual(["Be kind."]);
    });

    test("skips a row that cannot be used with a warning; its last good state stays", async () => {
      await seed();
      const source = await createRegistrySource({ database: databaseOf(), pollMs: 60_000, logger: quiet });
      const seen: string[] = [];
      source.onChange((registry) => seen.push(registry.revision));
      try {
        await databaseOf().query("update intents set threshold = 7 where id = 'weather'");
        await databaseOf().query(
          "insert into intent_patterns (intent, locale, kind, pattern) values ('chat', 'en', 'regex', '(')",
        );
        await source.refresh();
        expect(source.current().intents.find(({ id }) => id === "weather")?.threshold).toBe(0.5);
        expect(source.current().patterns).toHaveLength(1);
        expect(quiet.warn.mock.calls.map(([details]) => [details.table, details.kept])).toEqual([
          ["intents", true],
          ["intent_patterns", false],
        ]);
        expect(seen).toEqual([]);
        await source.refresh();
        expect(quiet.warn).toHaveBeenCalledTimes(2);
        const afresh = await loadRegistry(databaseOf(), { logger: quiet });
        expect(afresh.intents.map(({ id }) => id)).toEqual(["chat"]);
      } finally {
        await source.stop();
      }
    });

    test("polls, tells listeners of a change once, and keeps the last registry when reading fails", async () => {
      await seed();
      let broken = false;
      const database = databaseOf();
      const flaky: Pick<Database, "query"> = {
        query: (...given: Parameters<Database["query"]>) =>
          (broken ? Promise.reject(new Error("gone")) : database.query(...given)) as never,
      };
      const source = await createRegistrySource({ database: flaky, pollMs: 20, logger: quiet });
      const seen = vi.fn();
      const stopListening = source.onChange(seen);
      try {
        const before = source.current();
        broken = true;
        await vi.waitFor(() => expect(quiet.error).toHaveBeenCalled(), 10_000);
        expect(source.current()).toBe(before);
        broken = false;
        await database.query("update intents set description = 'Sky' where id = 'weather'");
        await vi.waitFor(() => expect(source.current().intents[1]?.description).toBe("Sky"), 10_000);
        await source.refresh();
        expect(seen).toHaveBeenCalledTimes(1);
        stopListening();
      } finally {
        await source.stop();
      }
    });
  });
};
