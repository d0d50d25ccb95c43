import { describe, expect, test } from "vitest";
import { wantsWholeHistory } from "../../../atlas/deep/wants-whole-history.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";

describe("whether the whole history is asked for", () => {
  test.each([
    "Did I ever mention a dentist?",
    "How many times did we talk about Lyon?",
    "Czy kiedykolwiek mówiłam o remoncie?",
    "Ile razy pytałam o pogodę?",
    "Чи я коли-небудь казав про Львів?",
    "Скільки разів ми про це говорили?",
    "האם אי פעם דיברנו על זה?",
    "כמה פעמים שאלתי?",
    "what have we said SINCE   THE\nBEGINNING",
  ])("yes: %s", (query) => expect(wantsWholeHistory(query)).toBe(true));

  test.each([
    "What is the weather?",
    "I never said that the river is clever",
    "Gdzie jest mój klucz?",
    "Який сьогодні день?",
    "מה השעה?",
    "",
  ])("no: %s", (query) => expect(wantsWholeHistory(query)).toBe(false));

  test("is told at once of a hostile text", async () => {
    const ms = await leastCpuMs(() => {
      wantsWholeHistory("ever".repeat(200_000));
      wantsWholeHistory(" ".repeat(500_000));
    });
    expect(ms).toBeLessThan(100);
  });
});
