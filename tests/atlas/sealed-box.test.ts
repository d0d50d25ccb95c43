import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealedBox } from "../../atlas/sealed-box.ts";

const key = randomBytes(32);
const box = createSealedBox(key);

test("opens what it sealed, for the same context only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, context, other) => {
      const sealed = box.seal(text, context);
      expect(createSealedBox(key).open(sealed, context).toString("utf8")).toBe(text);
      fc.pre(other !== context);
      expect(() => box.open(sealed, other)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    }),
  );
});

test("refuses data with any bit flipped or cut short", () => {
  const sealed = box.seal("the quick brown fox", "c");
  for (let at = 0; at < sealed.length; at += 1) {
    const flipped = Buffer.from(sealed);
    flipped[at]! ^= 1 << (at % 8);
    expect(() => box.open(flipped, "c")).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    expect(() => box.open(sealed.subarray(0, at), "c")).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  }
});

test("never gives the same bytes twice and holds nothing in clear", () => {
  const [first, second] = [box.seal("findme", "c"), box.seal("findme", "c")];
  expect(first.equals(second)).toBe(false);
  expect(first.toString("latin1")).not.toContain("findme");
});

test("tells another key from tampering", () => {
  const sealed = box.seal("x", "c");
  expect(() => createSealedBox(randomBytes(32)).open(sealed, "c")).toThrow(/another key/);
  sealed[sealed.length - 1]! ^= 1;
  expect(() => box.open(sealed, "c")).toThrow(/changed or moved/);
});
