import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ClientProfileRow } from "../../../platform/config/registry.ts";
import { registryKinds } from "../../../platform/config/registry-rows.ts";
import { parseApiKeys } from "../../../server/api-keys.ts";
import { createAuthenticate } from "../../../server/authenticate.ts";
import { createIdentify } from "../../../server/clients/identify.ts";

const profiles: readonly ClientProfileRow[] = parse(
  readFileSync(new URL("../../../migrations/defaults/client-profiles.yaml", import.meta.url), "utf8"),
  { merge: true },
).map((row: unknown) => registryKinds.clientProfiles.schema.parse(row));

const secret = "a signing secret of some length";
const keys = "web=k1:open-webui,libre=k2:librechat,home=k3:home-assistant,plain=k4,odd=k5:never-heard-of";
const identifyWith = (signing?: string) =>
  createIdentify({ authenticate: createAuthenticate(parseApiKeys(keys)), profiles: () => profiles, secret: signing });
const as = (key: string, headers: Record<string, string> = {}) => ({ authorization: `Bearer ${key}`, ...headers });
const idOf = async (identify: ReturnType<typeof identifyWith>, headers: Record<string, string>) =>
  (await identify(headers)).id;

const tokenOf = (
  claims: Record<string, unknown> = {},
  { sub = "u-1", iss = "open-webui", key = secret, expires = "5 minutes", alg = "HS256", issuedAt = 0 } = {},
) => {
  const now = Math.floor(Date.now() / 1000) + issuedAt;
  return new SignJWT({ role: "admin", ...claims })
    .setProtectedHeader({ alg })
    .setSubject(sub)
    .setIssuer(iss)
    .setIssuedAt(now)
    .setExpirationTime(expires === "" ? now : expires)
    .sign(new TextEncoder().encode(key));
};
const withToken = (token: string) => as("k1", { "x-openwebui-user-jwt": token });

describe("a key with the profile open-webui", () => {
  const identify = identifyWith(secret);

  test("is the person that a signed token names, with the key's roles and no others", async () => {
    expect(await identify(withToken(await tokenOf()))).toEqual({
      id: "key:web/user:u-1",
      roles: ["user"],
      profile: "open-webui",
    });
  });

  test("refuses a token that is signed otherwise, run out, from another issuer, too old or no token at all", async () => {
    const wrong = [
      await tokenOf({}, { key: "another secret of some length" }),
      await tokenOf({}, { expires: "", issuedAt: -300 }),
      await tokenOf({}, { iss: "somebody-else" }),
      await tokenOf({}, { issuedAt: -2 * 86_400, expires: "1 year" }),
      await tokenOf({}, { alg: "HS512" }),
      await tokenOf({}, { sub: " " }),
      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEifQ.",
      "not a token",
    ];
    for (const token of wrong) {
      await expect((async () => identify(withToken(token)))()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });

  test("tolerates a clock that differs by less than a minute", async () => {
    expect(await idOf(identify, withToken(await tokenOf({}, { expires: "", issuedAt: -50 })))).toBe("key:web/user:u-1");
  });

  test("refuses a person named in plain headers while a signing secret is set", async () => {
    const headers = as("k1", { "x-openwebui-user-id": "u-1" });
    await expect((async () => identify(headers))()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("never believes plain headers, also without a secret", async () => {
    const headers = as("k1", { "x-openwebui-user-id": "u-1", "x-openwebui-chat-id": "c-1" });
    expect(await idOf(identifyWith(), headers)).toBe("key:web/chat:c-1");
  });

  test("keeps unknown people apart by their chat, and without one gives each request a principal of its own", async () => {
    const one = await idOf(identify, as("k1", { "x-openwebui-chat-id": "c-1" }));
    const other = await idOf(identify, as("k1", { "x-openwebui-chat-id": "c-2" }));
    expect([one, other]).toEqual(["key:web/chat:c-1", "key:web/chat:c-2"]);
    const first = await idOf(identify, as("k1"));
    expect(first).toMatch(/^key:web\/once:/);
    expect(await idOf(identify, as("k1"))).not.toBe(first);
  });

  test("hashes an id that could be mistaken for another one's", async () => {
    expect(await idOf(identify, withToken(await tokenOf({}, { sub: "a/../chat:c-1" })))).toMatch(
      /^key:web\/user:sha256\.[0-9a-f]{32}$/,
    );
    const hashed = `sha256.${"0".repeat(32)}`;
    expect(await idOf(identify, withToken(await tokenOf({}, { sub: hashed })))).not.toContain(hashed);
  });
});

describe("other profiles", () => {
  test("librechat believes the key's holder until a signing secret is set", async () => {
    const headers = as("k2", { "x-librechat-user-id": "abc" });
    expect(await idOf(identifyWith(), headers)).toBe("key:libre/user:abc");
    await expect((async () => identifyWith(secret)(headers))()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("librechat's template that was not filled in names nobody", async () => {
    const id = await idOf(identifyWith(), as("k2", { "x-librechat-user-id": "{{LIBRECHAT_USER_ID}}" }));
    expect(id).toMatch(/^key:libre\/once:/);
  });

  test("home-assistant, openai and a profile that nobody knows are the key's holder, whatever headers say", async () => {
    const spoofed = { "x-openwebui-user-id": "u-1", "x-librechat-user-id": "abc" };
    for (const [key, id] of [
      ["k3", "key:home"],
      ["k4", "key:plain"],
      ["k5", "key:odd"],
    ] as const) {
      expect(await idOf(identifyWith(secret), as(key, spoofed))).toBe(id);
    }
  });
});
