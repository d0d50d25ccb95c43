import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { loadSettings } from "../../../platform/config/settings.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { commandPrincipal, serverAsPerson } from "../../../server/commands/command-principal.ts";
import { serverAt } from "../../../server/commands/server-on-database.ts";
import { MeReply } from "../../../server/routes/me.ts";
import { createNoJobs } from "../../support/no-jobs.ts";
import { type Edge, startEdge } from "../../support/start-edge.ts";

const serverKeys =
  "web=web-secret:open-webui,libre=libre-secret:librechat,home=home-secret:home-assistant,ops=ops-secret:admin";
let edge: Edge;
let open: Edge;
beforeAll(async () => {
  const refusing = {
    ...createNoJobs(),
    start: () => Promise.reject(new AppError("POLICY_DENIED", "One may only read here.")),
  };
  edge = await startEdge({ environment: { ATHENA_API_KEYS: serverKeys }, deps: { jobDesk: refusing } });
  open = await startEdge({ environment: { ATHENA_PROFILE: "open-webui" } });
});
afterAll(() => Promise.all([edge.close(), open.close()]));

const profiles = () => edge.deps.clientProfiles();

test.each([
  ["web=web-secret:open-webui,ops=ops-secret:admin", "key:ops"],
  ["web=web-secret:open-webui,libre=libre-secret:librechat,home=home-secret:home-assistant", "key:home"],
])("with the keys %s the commands are %s, beside a server and without one", async (ATHENA_API_KEYS, id) => {
  const settings = loadSettings({ ATHENA_API_KEYS });
  expect(commandPrincipal(settings, profiles()).id).toBe(id);
  const server = await serverAsPerson(edge.url, settings);
  expect((await server.get("/me", MeReply)).id).toBe(id);
});

test("without keys they are the local user", async () => {
  const settings = loadSettings({});
  expect(commandPrincipal(settings, profiles()).id).toBe("local");
});

test("where all keys are front ends they refuse, and say what to set", async () => {
  const settings = loadSettings({ ATHENA_API_KEYS: "web=web-secret:open-webui,libre=libre-secret:librechat" });
  const refusal = { code: "CONFIG_INVALID", message: expect.stringContaining("me=SECRET") };
  expect(() => commandPrincipal(settings, profiles())).toThrow(expect.objectContaining(refusal));
  await expect(serverAsPerson(edge.url, settings)).rejects.toMatchObject(refusal);
  const profiled = loadSettings({ ATHENA_PROFILE: "open-webui" });
  expect(() => commandPrincipal(profiled, profiles())).toThrow(expect.objectContaining(refusal));
  await expect(serverAsPerson(open.url, profiled)).rejects.toMatchObject(refusal);
});

test("what a person may not do is told in the server's words, what only administrators may with what to set", async () => {
  const settings = loadSettings({ ATHENA_API_KEYS: "home=home-secret:home-assistant" });
  const server = await serverAsPerson(edge.url, settings);
  await expect(server.post("/v1/jobs", { crew: "report" }, z.unknown())).rejects.toMatchObject({
    code: "POLICY_DENIED",
    message: "One may only read here.",
  });
  await expect(serverAt(edge.url, settings).get("/dead-letters", z.unknown())).rejects.toMatchObject({
    code: "POLICY_DENIED",
    message: expect.stringMatching(/administrators: start it with a key such as ops=SECRET:admin/),
  });
});
