import { describe, expect, it } from "vitest";
import { perWord } from "../../../platform/language/per-word.ts";

const counting = (most?: number) => {
  const asked: string[] = [];
  const answer = perWord((word): string | undefined => {
    asked.push(word);
    return word === "none" ? undefined : word.toUpperCase();
  }, most);
  return { asked, answer };
};

describe("what is remembered of words", () => {
  it("asks once for a word that comes again, also when the answer is that there is none", () => {
    const { asked, answer } = counting();
    for (const word of ["river", "none", "river", "none"]) answer(word);
    expect(asked).toEqual(["river", "none"]);
    expect(answer("river")).toBe("RIVER");
    expect(answer("none")).toBeUndefined();
  });

  it("keeps the words that are in use when ever new ones come, and lets the others go", () => {
    const { asked, answer } = counting(10);
    for (let index = 0; index < 100; index += 1) {
      answer("river");
      answer(`w${index}`);
    }
    expect(asked.filter((word) => word === "river")).toHaveLength(1);
    answer("w0");
    expect(asked.filter((word) => word === "w0")).toHaveLength(2);
  });

  it("does not keep what is longer than any word", () => {
    const { asked, answer } = counting();
    for (const _ of [1, 2]) answer("x".repeat(1_000));
    expect(asked).toHaveLength(2);
  });
});
