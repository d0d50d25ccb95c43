import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { CrewRow, Registry } from "../../../platform/config/registry.ts";
import { registryKinds } from "../../../platform/config/registry-rows.ts";
import { crewPartsOf, serviceNames } from "../../../server/crews/crew-names.ts";
import { createCrewsInForce } from "../../../workflows/crews/crews-in-force.ts";
import { shippedCrews } from "../../support/task-work.ts";

const row = (more: object = {}): CrewRow =>
  registryKinds.crews.schema.parse({
    id: "team",
    description: "A team.",
    agents: [{ id: "worker", role: "Worker", goal: "Work", tools: ["search"] }],
    tasks: [{ id: "one", description: "Do it.", expected_output: "Done.", without_model: "combine" }],
    ...more,
  });

test("crews follow their rows while the engine runs; one that cannot run leaves the last good one in force", () => {
  let crews: readonly CrewRow[] = [row()];
  const reported: string[] = [];
  const inForce = createCrewsInForce({
    registry: { current: () => ({ crews }) as Registry },
    parts: () => crewPartsOf({ tools: [], aliases: new Set() }),
    report: (_error, id) => reported.push(id),
  });
  expect(inForce.list().map(({ id }) => id)).toEqual(["team"]);
  crews = [row({ description: "Another team." }), row({ id: "other", manager: "ghost" })];
  expect(inForce.get("team")?.description).toBe("Another team.");
  expect(inForce.get("other")).toBeUndefined();
  crews = [row({ agents: [{ id: "worker", role: "Worker", goal: "Work", tools: ["magic"] }] })];
  expect(inForce.get("team")?.description).toBe("Another team.");
  expect(reported).toEqual(["other", "team"]);
  crews = [];
  expect(inForce.get("team")).toBeUndefined();
});

test("the crews that ship can run", () => {
  expect([...shippedCrews().keys()]).toEqual(["deep-research", "report", "triage", "answer"]);
});

test("crews may name every service of this version", () => {
  const file = new URL("../../../migrations/defaults/services.yaml", import.meta.url);
  const ids = parse(readFileSync(file, "utf8")).map(({ id }: { readonly id: string }) => id);
  expect([...serviceNames].sort()).toEqual([...ids].sort());
});
