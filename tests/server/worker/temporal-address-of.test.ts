import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../../platform/config/settings.ts";
import { temporalAddressOf } from "../../../server/worker/temporal-address-of.ts";

describe("where Temporal is, by the settings", () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "athena-pem-"));
    file = join(folder, "some.pem");
    await writeFile(file, "-----BEGIN SOMETHING-----\n");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const addressOf = (environment: Readonly<Record<string, string>>) =>
    temporalAddressOf(loadSettings({ TEMPORAL_ADDRESS: "127.0.0.1:7233", ...environment }));

  test("is a plain connection to the default namespace unless something else is said", async () => {
    expect(await addressOf({})).toEqual({ address: "127.0.0.1:7233", namespace: "default", tls: false });
  });

  test("takes certificates from files", async () => {
    const found = await addressOf({
      TEMPORAL_TLS_SERVER_CA_FILE: file,
      TEMPORAL_TLS_CLIENT_CERT_FILE: file,
      TEMPORAL_TLS_CLIENT_KEY_FILE: file,
    });
    expect(found.serverCa?.toString()).toContain("BEGIN");
    expect(found.client?.key.toString()).toContain("BEGIN");
  });

  test.each([
    ["no address", { TEMPORAL_ADDRESS: "" }, "TEMPORAL_ADDRESS"],
    ["a file that is not there", { TEMPORAL_TLS_SERVER_CA_FILE: "/nowhere/ca.pem" }, "TEMPORAL_TLS_SERVER_CA_FILE"],
    ["a key without its certificate", { TEMPORAL_TLS_CLIENT_KEY_FILE: "FILE" }, "TEMPORAL_TLS_CLIENT_CERT_FILE"],
  ])("is refused with %s, naming the setting", async (_name, environment, setting) => {
    const given = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value === "FILE" ? file : value]),
    );
    await expect(addressOf(given)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(setting),
    });
  });

  test("is refused when it is no host and port", () => {
    expect(() => loadSettings({ TEMPORAL_ADDRESS: "http://temporal" })).toThrow(/TEMPORAL_ADDRESS/);
  });
});
