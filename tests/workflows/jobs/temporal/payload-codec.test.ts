import type { Payload } from "@temporalio/common";
import { defaultPayloadConverter } from "@temporalio/common";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createPayloadCodec, type PayloadKey } from "../../../../workflows/jobs/temporal/payload-codec.ts";
import { largestPayload } from "../../../../workflows/jobs/temporal/payload-limit.ts";
import { testPayloadKey } from "../../../support/temporal-parts.ts";

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)!;
const readValue = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload!);

describe("values on their way to Temporal", () => {
  let key: PayloadKey;
  let other: PayloadKey;
  beforeAll(async () => {
    key = await testPayloadKey();
    other = await testPayloadKey("0a".repeat(32));
  });

  test("come back as they were, whatever they are", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 4 })), async (values) => {
        const codec = createPayloadCodec([key]);
        const back = await codec.decode(await codec.encode(values.map(payloadOf)));
        expect(back.map(readValue)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      }),
    ));

  test("show nothing of what they hold, nor twice the same", async () => {
    const codec = createPayloadCodec([key]);
    const [one] = await codec.encode([payloadOf("a most secret sentence")]);
    const [two] = await codec.encode([payloadOf("a most secret sentence")]);
    const stored = Buffer.concat([one!.data!, ...Object.values(one!.metadata!)]).toString("latin1");
    expect(stored).not.toContain("secret");
    expect(stored).not.toContain("json");
    expect(Buffer.from(one!.data!).equals(Buffer.from(two!.data!))).toBe(false);
  });

  test("are refused when a bit of them was changed", async () => {
    const codec = createPayloadCodec([key]);
    const [sealed] = await codec.encode([payloadOf({ decision: "reject" })]);
    const data = sealed!.data!;
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const changed = Uint8Array.from(data);
        changed[at]! ^= 1 << bit;
        await expect(codec.decode([{ ...sealed, data: changed }])).rejects.toMatchObject({ code: "INTERNAL" });
      }),
    );
  });

  test("of another key are refused with a word of which setting to look at", async () => {
    const [sealed] = await createPayloadCodec([other]).encode([payloadOf(1)]);
    await expect(createPayloadCodec([key]).decode([sealed!])).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("ATHENA_MASTER_KEY"),
    });
    // The other key's value under this key's name.
    const metadata = { ...sealed!.metadata, "key-id": new TextEncoder().encode(key.id) };
    await expect(createPayloadCodec([key]).decode([{ ...sealed, metadata }])).rejects.toMatchObject({
      code: "INTERNAL",
    });
  });

  test("of a former key are still read, and new ones are of the current key", async () => {
    const [sealed] = await createPayloadCodec([other]).encode([payloadOf("old")]);
    const rotated = createPayloadCodec([key, other]);
    expect((await rotated.decode([sealed!])).map(readValue)).toEqual(["old"]);
    const [fresh] = await rotated.encode([payloadOf("new")]);
    expect((await createPayloadCodec([key]).decode([fresh!])).map(readValue)).toEqual(["new"]);
  });

  test("that nobody encrypted are refused", async () => {
    await expect(createPayloadCodec([key]).decode([payloadOf("slipped in")])).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringContaining("not encrypted"),
    });
    await expect(createPayloadCodec([key]).decode([{}])).rejects.toMatchObject({ code: "INTERNAL" });
  });

  test("that Temporal itself made are read: what it says of a step that was cancelled before anybody began it", async () => {
    const notStarted = payloadOf("ACTIVITY_ID_NOT_STARTED");
    expect(await createPayloadCodec([key]).decode([notStarted])).toEqual([notStarted]);
  });

  test("that are too large for a history are refused before they leave", async () => {
    const codec = createPayloadCodec([key]);
    await expect(codec.encode([payloadOf("x".repeat(4 * largestPayload))])).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
    await expect(codec.encode([payloadOf("x".repeat(largestPayload))])).resolves.toHaveLength(1);
  });
});
