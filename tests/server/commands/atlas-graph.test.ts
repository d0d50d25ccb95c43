import { XMLParser, XMLValidator } from "fast-xml-parser";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { createGraphFollower } from "../../../atlas/graph/follow-graph.ts";
import { createRules } from "../../../atlas/graph/rules/extract.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import { loadSettings } from "../../../platform/config/settings.ts";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import { localPrincipal } from "../../../platform/policy/principal.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import { removeDataDir } from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

let dataDir: string;
const hosts = Array.from({ length: 1_200 }, (_, n) => `db-${n}`);
beforeAll(async () => {
  dataDir = await usedDataDir();
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: loadSettings({ ATHENA_DATA_DIR: dataDir }), logger });
  await migrate(database);
  const timeline = createTimeline({
    database,
    cipher: createThreadCipher({ masterKey: await loadMasterKey({ dataDir }) }),
  });
  await timeline.open({
    principal: localPrincipal,
    mode: "open",
    messages: hosts.map((host) => ({ role: "user", author: 'Ada <&> "Grace"', content: `the host ${host} is up` })),
  });
  await createGraphFollower({ database, rule: "scoped", logger, rules: createRules(), batch: 400 }).catchUp();
  await database.close();
});
afterAll(() => removeDataDir(dataDir));

const graphExport = (run: typeof runAthena, ...parameters: string[]) =>
  run(["atlas", "graph", "export", ...parameters], { ATHENA_DATA_DIR: dataDir });

test("writes the whole graph as GraphML or as Cypher, or what one principal sees", { timeout: 60_000 }, async () => {
  const { code, stdout } = await graphExport(runAthena, "--format", "graphml");
  expect(code).toBe(0);
  expect(XMLValidator.validate(stdout)).toBe(true);
  const { node, edge } = new XMLParser({ ignoreAttributes: false }).parse(stdout).graphml.graph;
  expect([node.length, edge.length]).toEqual([2 * hosts.length + 1, 2 * hosts.length]);
  const ids = new Set(node.map((one: Record<string, string>) => one["@_id"]));
  expect(edge.every((one: Record<string, string>) => ids.has(one["@_source"]) && ids.has(one["@_target"]))).toBe(true);
  expect(stdout).toContain("Ada &lt;&amp;&gt; &quot;Grace&quot;");

  const cypher = await graphExport(runAthenaHere, "--format", "cypher", "--principal", "local");
  expect(cypher.stdout.match(/^MERGE /gm)).toHaveLength(2 * hosts.length + 1);
  expect(
    cypher.stdout.match(/^MATCH .* MERGE \(a\)-\[r:`MENTIONS`\]->\(b\) SET r \+= \{origins: "rule"\};$/gm),
  ).toHaveLength(2 * hosts.length);
  const others = await graphExport(runAthenaHere, "--format", "cypher", "--principal", "key:eve");
  expect([others.code, others.stdout.trim().split("\n").length]).toEqual([0, 1]);
  expect(await graphExport(runAthenaHere, "--format", "dot")).toMatchObject({ code: 2, stdout: "" });
});
