import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { loadSettings } from "../../../platform/config/settings.ts";
import { localPrincipal } from "../../../platform/policy/principal.ts";
import { composeFront } from "../../../server/front/compose-front.ts";
import { createFrontBackend, type FrontBackendDeps } from "../../../server/front/create-front-backend.ts";

const logger = pino({ level: "silent" });
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

test("a front that other machines reach does not start without keys", async () => {
  const folder = await mkdtemp(join(tmpdir(), "athena-front-"));
  folders.push(folder);
  const open = (more: Record<string, string>) =>
    composeFront(
      loadSettings({ ATHENA_DATA_DIR: folder, ATHENA_BACKEND_URL: "http://127.0.0.1:9", ATHENA_PORT: "0", ...more }),
      logger,
    );
  for (const more of [{ ATHENA_HOST: "0.0.0.0" }, { ATHENA_CORS_ORIGINS: "*" }]) {
    await expect(open(more)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  }
  const front = await open({ ATHENA_HOST: "0.0.0.0", ATHENA_API_KEYS: "ops=a-secret-of-ops" });
  await front.close();
});

test("before an engine without keys only this machine is its user, whatever the Host header says", async () => {
  const caller = { id: "local", principal: localPrincipal, token: undefined };
  const { identify } = createFrontBackend({ callers: { identify: async () => caller } } as unknown as FrontBackendDeps);
  const from = (peer: string | undefined, host = "localhost") => identify(undefined, { headers: { host }, peer });
  for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(await from(peer)).toEqual(caller);
  for (const peer of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7", "", undefined]) {
    await expect(from(peer)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
  await expect(from("127.0.0.1", "elsewhere.example")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});
