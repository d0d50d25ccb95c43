import fc from "fast-check";
import { expect, test } from "vitest";
import { toPlainSpeech } from "../../../server/clients/plain-speech.ts";

test.each([
  ["**21 °C** in _Kraków_ [1].", "21 °C in Kraków."],
  ["## Weather\n- sunny\n- 2 * 3 is 6", "Weather\nsunny\n2 * 3 is 6"],
  ["See [the forecast](https://example.org/a_b) ☀️ now", "See the forecast now"],
  ["The `light.kitchen_lamp` is on 💡", "The light.kitchen_lamp is on "],
  ["© 2026, №5, snake_case, 5*3, #1", "© 2026, №5, snake_case, 5*3, #1"],
])("%j is spoken as %j", (written, spoken) => {
  expect(toPlainSpeech(written)).toBe(spoken);
});

test("letters and digits outside links and citation marks survive", () => {
  const word = fc.stringMatching(/^[\p{L}\p{N}]{1,8}$/u);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("**", "*", "_", "`", ""),
      (words, mark) => {
        const spoken = toPlainSpeech(words.map((one) => `${mark}${one}${mark}`).join(" "));
        expect(spoken).toBe(words.join(" "));
      },
    ),
  );
});

test("100 KB of marks take no time", () => {
  for (const hostile of ["[", "](", "**", "_a", "`", "![", "👍🏽", "- "]) {
    const started = performance.now();
    toPlainSpeech(hostile.repeat(100_000 / hostile.length));
    expect(performance.now() - started).toBeLessThan(500);
  }
});
