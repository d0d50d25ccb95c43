import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, contentHash } from "../../../platform/db/canonical-json.ts";
import { storableJson, storableText } from "../../../platform/db/storable.ts";

test("replaces U+0000 and lone surrogates, nothing else", () => {
  expect(storableText("a\u0000b\ud800c\udc00 😀 \ufffe")).toBe("a\ufffdb\ufffdc\ufffd 😀 \ufffe");
});

test("cleans texts and keys at any depth and leaves what looks like an escape alone", () => {
  const value = { "k\u0000": ["\ud800", { deep: "\u0000" }], plain: "\\u0000", number: 1.5, nothing: null };
  expect(storableJson(value)).toEqual({
    "k\ufffd": ["\ufffd", { deep: "\ufffd" }],
    plain: "\\u0000",
    number: 1.5,
    nothing: null,
  });
  expect(storableJson(JSON.parse('{"__proto__": "\\u0000"}'))).toEqual(JSON.parse('{"__proto__": "\ufffd"}'));
});

test("gives JSON that equals its own copy and holds only storable text", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const stored = storableJson(value);
      expect(storableJson(stored)).toEqual(stored);
      expect(JSON.stringify(stored)).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
    }),
  );
});

test("canonical JSON does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson({ a: reversed, b: [value] })).toBe(canonicalJson({ b: [reversed], a: value }));
      expect(contentHash(value)).toBe(contentHash(reversed));
    }),
  );
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: 2 }));
});
