import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createSealedBox } from "../../atlas/sealed-box.ts";
import { loadSettings } from "../../platform/config/settings.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createIdempotencyStore } from "../../platform/policy/idempotency.ts";
import { createExecuteTool } from "../../tools/create-execute-tool.ts";
import type { Tool } from "../../tools/tool.ts";
import { freshDataDir, removeDataDir } from "../support/server-process.ts";
import { toolContext } from "./support.ts";

const logger = pino({ level: "silent" });
const box = createSealedBox(new Uint8Array(32));
let dataDir: string;
let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  dataDir = await freshDataDir();
  database = await openDatabase({ settings: loadSettings({ ATHENA_DATA_DIR: dataDir }), logger });
  await migrate(database);
});
afterAll(async () => {
  await database?.close();
  await removeDataDir(dataDir);
});

const done: string[] = [];
const book: Tool = {
  name: "book",
  description: "Books a table.",
  input: z.object({ table: z.string() }),
  output: z.object({ booked: z.string() }),
  allowedRoles: ["user"],
  scopes: [],
  effect: "irreversible",
  idempotent: false,
  async run(input) {
    const { table } = input as { table: string };
    done.push(table);
    return { booked: table };
  },
  render: (output) => `Booked ${(output as { booked: string }).booked}.`,
};
const look: Tool = { ...book, name: "look", effect: "read", idempotent: true };

/** As one process would have it. */
const executor = () =>
  createExecuteTool({
    tools: [book, look],
    idempotency: createIdempotencyStore({ database, box, mac: (text) => `keyed ${text}` }),
    audit: createAudit({ database }),
    metrics: createMetrics(),
    logger,
  });

test("two processes with one key have the effect once, and the later one gets the stored result", async () => {
  const [first, second] = [executor(), executor()];
  const context = toolContext({ idempotencyKey: "shared" });
  const outcomes = await Promise.all(
    [first, second].map(({ executeTool }) => executeTool("book", { table: "secret table" }, context)),
  );
  expect(done).toEqual(["secret table"]);
  expect(outcomes.map(({ status }) => status)).toContain("ok");
  expect(await second.executeTool("book", { table: "secret table" }, context)).toMatchObject({
    status: "ok",
    replayed: true,
    output: { booked: "secret table" },
    text: "Booked secret table.",
  });
  await Promise.all([first.close(), second.close()]);
  const stored = await database.query<{ row: string }>("select k::text as row from idempotency_keys k");
  expect(stored).not.toHaveLength(0);
  expect(JSON.stringify(stored)).not.toContain("secret table");
});

test("calls side by side leave a whole audit chain without content, also those that did not wait for it", async () => {
  const { executeTool, close } = executor();
  const before = Number((await database.query<{ count: string }>("select count(*) from audits"))[0]?.count);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      executeTool(
        index % 2 ? "look" : "book",
        { table: `t${index}` },
        toolContext({ idempotencyKey: `call-${index}` }),
      ),
    ),
  );
  await close();
  const rows = await database.query<{ resource: string; row: string }>(
    "select resource, a::text as row from audits a order by id offset $1",
    [before],
  );
  expect(rows.filter(({ resource }) => resource === "tool:look")).toHaveLength(20);
  expect(rows.filter(({ resource }) => resource === "tool:book")).toHaveLength(20);
  expect(JSON.stringify(rows)).not.toMatch(/\bt\d+\b/);
  expect(await createAudit({ database }).verify()).toMatchObject({ ok: true });
});
