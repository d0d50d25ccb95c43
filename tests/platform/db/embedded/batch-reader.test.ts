import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchReader, type Request } from "../../../../platform/db/embedded/batch-reader.ts";

const message = (type: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};
const headless = (code: number, body: Uint8Array = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, body]);
};
const begin = headless(196_608, Buffer.from("user\0postgres\0\0"));

const anyBody = fc.uint8Array({ maxLength: 300 });
/** Parse, Bind, Describe, Execute … and the message that ends the batch. */
const anyBatch = fc
  .record({
    parts: fc.array(fc.tuple(fc.constantFrom("P", "B", "D", "E", "C"), anyBody), { maxLength: 5 }),
    end: fc.tuple(fc.constantFrom("S", "Q", "H"), anyBody),
  })
  .map(({ parts, end }) => ({
    bytes: Buffer.concat([...parts, end].map(([type, body]) => message(type, body))),
    isWhole: end[0] !== "H",
  }));

const cut = (bytes: Buffer, borders: readonly number[]): Buffer[] => {
  const places = [...new Set(borders.map((border) => border % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
};
const inText = (requests: readonly Request[]): string[] =>
  requests.map((request) =>
    request.kind === "run" ? `${request.isWhole} ${request.bytes.toString("hex")}` : request.kind,
  );

test("cuts a stream into the same whole batches wherever the chunks end", () => {
  fc.assert(
    fc.property(fc.array(anyBatch, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (batches, borders) => {
      const stream = Buffer.concat([
        headless(80_877_103),
        begin,
        ...batches.map(({ bytes }) => bytes),
        message("X", Buffer.alloc(0)),
      ]);
      const read = createBatchReader();
      const requests = cut(stream, borders).flatMap((chunk) => read(chunk));
      const expected: Request[] = [
        { kind: "encrypt" },
        { kind: "run", bytes: begin, isWhole: true },
        ...batches.map(({ bytes, isWhole }) => ({ kind: "run" as const, bytes, isWhole })),
        { kind: "leave" },
      ];
      expect(inText(requests)).toEqual(inText(expected));
    }),
  );
});

test("reads a batch of 20 MB that comes in small chunks within half a second", () => {
  const read = createBatchReader();
  read(begin);
  const bytes = Buffer.concat([message("B", Buffer.alloc(20_000_000, 1)), message("S", Buffer.alloc(0))]);
  const from = performance.now();
  const requests: Request[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) requests.push(...read(bytes.subarray(at, at + 8_192)));
  expect(performance.now() - from).toBeLessThan(500);
  expect(requests.map((request) => request.kind === "run" && request.bytes.equals(bytes))).toEqual([true]);
});

test("refuses what cannot be PostgreSQL's protocol", () => {
  expect(() => createBatchReader()(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toThrow("protocol");
  const read = createBatchReader();
  read(begin);
  expect(() => read(Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff, 0]))).toThrow("protocol");
});
