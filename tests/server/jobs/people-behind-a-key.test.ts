import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countedAs, isOneRequest } from "../../../platform/policy/principal-id.ts";
import { parseApiKeys } from "../../../server/api-keys.ts";
import { createRolesOf } from "../../../server/crews/roles-of.ts";
import { type RunningEngine, startEngine } from "../../support/engine.ts";
import { jsonOf } from "../../support/start-edge.ts";
import { until } from "../../support/until.ts";

describe("jobs of people behind a front end's key", { timeout: 60_000 }, () => {
  let running: RunningEngine;
  beforeAll(async () => {
    running = await startEngine({ ATHENA_API_KEYS: "chat=a-long-secret:librechat" });
  });
  afterAll(() => running.close());
  const as = (person: string) => ({ authorization: "Bearer a-long-secret", "x-librechat-user-id": person });
  const get = (id: string, person: string) => fetch(`${running.url}/v1/jobs/${id}`, { headers: as(person) });

  test("complete with the key's roles, for the person alone", async () => {
    const begun = await running.post("/v1/jobs", { crew: "report", input: { period: "today" } }, as("ada"));
    const { id } = await jsonOf(begun);
    const over = ["completed", "failed", "cancelled"];
    await until(async () => over.includes((await jsonOf(await get(id, "ada"))).status), 30_000);
    expect(await jsonOf(await get(id, "ada"))).toMatchObject({ status: "completed" });
    expect((await get(id, "bob")).status).toBe(404);
  });
});

describe("ids of principals", () => {
  test("chats whose people are unknown are counted together, everybody else alone", () => {
    expect(["key:web/chat:1", "key:web/chat:2", "key:other/chat:1"].map(countedAs)).toEqual([
      "key:web/chat",
      "key:web/chat",
      "key:other/chat",
    ]);
    for (const id of ["key:web", "key:web/user:ada", "key:web/user:chat", "local", ""]) expect(countedAs(id)).toBe(id);
  });

  test("one request's alone are told from those that come again", () => {
    expect(["key:web/once:1", "local/once:2"].map(isOneRequest)).toEqual([true, true]);
    expect(["key:web/chat:once", "key:web/user:once", "key:once", "local"].map(isOneRequest)).not.toContain(true);
  });
});

describe("roles of a principal", () => {
  const rolesOf = createRolesOf(parseApiKeys("web=secret-one:open-webui,ops=secret-two:admin"));

  test.each(["key:web", "key:web/user:ada", "key:web/chat:42", "key:web/once:1"])("%s has its key's", (id) => {
    expect(rolesOf(id)).toEqual(["user"]);
  });

  test.each(["key:webs/user:ada", "key:we", "user:ada", "local", "local/user:ada", ""])("'%s' has none", (id) => {
    expect(rolesOf(id)).toBeUndefined();
  });

  test("without keys, people behind the local user have the local user's", () => {
    expect(createRolesOf([])("local/user:ada")).toEqual(createRolesOf([])("local"));
    expect(createRolesOf([])("key:web/user:ada")).toBeUndefined();
  });
});
