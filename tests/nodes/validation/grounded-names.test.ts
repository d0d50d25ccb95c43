import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import { unknownName } from "../../../nodes/validation/grounded-names.ts";
import { knownNamesOf } from "../../../nodes/validation/known-names.ts";

const ground = createGround({
  texts: ["Who fixed van KR 318TP at Zielona street?"],
  evidence: [
    {
      id: "e1",
      service: "fleet",
      title: "KR 318TP",
      text: "KR 318TP was repaired by Tomasz Walczak on Zielona for GreenFleet in Kraków; code EPKK. Повідомив Степан Гук, Зелений гай.",
      data: {},
      sourceName: "GreenFleet",
      observedAt: "2026-11-21T12:00:00Z",
      score: 1,
    },
  ],
  actions: [{ tool: "send_email", args: { to: "marta.k@example.com" }, outcome: "ok", result: {} }],
  locale: "en",
  timezone: "Europe/Warsaw",
  now: new Date("2026-11-21T12:00:00Z"),
});
const known = knownNamesOf(ground);
const kinds = new Set(["link", "code", "name"] as const);

describe("names and codes of an answer", () => {
  test.each([
    "It was repaired by Tomasz Walczyk.",
    "Next up is Greengate.",
    "Diego repaired the van.",
    "The van is KR 318PT.",
    "The airport is EPKP.",
    "Kod lotniska — EPKP.",
    "Naprawa odbyła się na Czerwonej.",
    "Ремонт робив Семен.",
    "Ремонт був у Зоряному гаю.",
    "You can watch it on Showmax.",
    "Usterkę zgłosiła Polska Flota.",
  ])("are unknown: %s", (sentence) => {
    expect(unknownName(sentence, ground, known, kinds)).toBeDefined();
  });

  test.each([
    "Tomaszowi Walczakowi udała się naprawa w Krakowie.",
    "Naprawa była na Zielonej.",
    "The van is KR 318TP.",
    "Написав Степанові Гуку, у Зеленому гаю.",
    "Повідомлення надіслано Марті.",
    "ההודעה נשלחה למרתה.",
    "Van has 64GB and leaves at 11PM.",
    "Wysłano do Marty.",
  ])("are known in every form: %s", (sentence) => {
    expect(unknownName(sentence, ground, known, kinds)).toBeUndefined();
  });
});
