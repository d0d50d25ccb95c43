import { describe, expect, test } from "vitest";
import { groundOf } from "../../support/ground-of.ts";

describe("lengths of time in the names of fields", () => {
  const ground = groundOf([
    {
      title: "Ether",
      data: { symbol: "ETH", change24hPercent: -4.1, last_7_days_volume: 310, fiveYearReturnPercent: 44 },
    },
  ]);
  test.each([
    "It is down 4.1% in 24 hours.",
    "W ciągu 24 godzin spadek o 4,1%.",
    "За 24 години впав на 4,1 %.",
    "ב-24 השעות האחרונות ירד ב-4.1%.",
    "It gained 44% over five years.",
    "The volume of the last seven days is 310.",
  ])("may be told: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each(["It is down 4.1% in 12 hours.", "За 30 днів впав на 4,1 %."])("are no others: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("a number and its unit in one word", () => {
  const ground = groundOf([
    {
      text: "Umowa: trzymiesięczny okres wypowiedzenia (§9 ust. 2), dwuletnia rękojmia. Договір: двотижнева відпустка, восьмигодинний день, 45-денний термін. החוזה: תקופה תלת-שנתית.",
    },
  ]);
  test.each([
    "Okres wypowiedzenia to trzy miesiące (§9 ust. 2).",
    "The warranty lasts two years.",
    "Відпустка триває два тижні, день — вісім годин.",
    "Термін становить 45 днів.",
    "התקופה היא שלוש שנים.",
  ])("is both: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    "Okres wypowiedzenia to dwumiesięczny termin.",
    "Okres wypowiedzenia wynosi 9 miesięcy.",
    "The warranty lasts five years.",
    "Відпустка тритижнева.",
  ])("is no other: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("the number of a section", () => {
  const ground = groundOf([
    { title: "Leave Policy", text: "4.1 Staff may carry over up to 5 days. 4.2 They must be taken by 31 March." },
  ]);
  test.each([
    "You may carry over 5 days (section 4.1 of the Leave Policy).",
    "Zgodnie z pkt 4.1 regulaminu można przenieść 5 dni.",
    "За пунктом 4.2 правил їх треба використати до 31 березня.",
    "לפי סעיף 4.1 אפשר להעביר 5 ימים.",
  ])("counts nothing: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test("is one that the document has", () => {
    expect(ground.unsupported("You may carry over 5 days (section 4.7 of the Leave Policy).")).toBeDefined();
  });
});

describe("a part of what the data call a whole", () => {
  const ground = groundOf([
    { title: "web-1", data: { memoryUsedGiB: 48.6, memoryTotalGiB: 64 } },
    { title: "Tickets", data: { open: 5, urgent: 1, high: 2, normal: 2 } },
  ]);
  test.each(["Memory is at roughly 76%.", "40% are of high priority.", "20% są pilne.", "40% מהן בעדיפות גבוהה."])(
    "is told in percent: %s",
    (sentence) => {
      expect(ground.unsupported(sentence)).toBeUndefined();
    },
  );

  test.each(["Memory is at roughly 67%.", "30% są pilne."])("is no other: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("a round figure", () => {
  const ground = groundOf(
    [{ title: "GBP to EUR", text: "1 GBP = 1.1842 EUR.", data: { base: "GBP", quote: "EUR", rate: 1.1842 } }],
    ["How much is 250 quid in euros?"],
  );
  test.each(["Just under 300 euros, around €296.", "Niecałe 300 euro.", "Майже 300 євро.", "קצת פחות מ-300 אירו."])(
    "may stand for what was asked: %s",
    (sentence) => {
      expect(ground.unsupported(sentence)).toBeUndefined();
    },
  );

  test("is near it", () => {
    expect(ground.unsupported("About €340.")).toBeDefined();
  });
});

describe("an hour of the night", () => {
  const ground = groundOf([{ text: "The last tram leaves at 22:30, the first at 03:15." }]);
  test.each([
    "The last one leaves at half past ten at night.",
    "The last one leaves at ten thirty in the evening.",
    "Ostatni odjeżdża wpół do jedenastej w nocy, pierwszy o 3.15.",
    "Ostatni: dziesiąta trzydzieści wieczorem.",
    "Останній — о пів одинадцятої.",
    "האחרון יוצא בעשר וחצי בלילה.",
    "The first one leaves at 3:15 at night.",
  ])("is before midnight or after it: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test("is no other", () => {
    expect(ground.unsupported("האחרון יוצא בתשע וחצי בלילה.")).toBeDefined();
  });
});

describe("what is left to a target", () => {
  const ground = groundOf([{ title: "Climate", data: { current_temperature: 27.5, temperature: 24 } }]);
  test.each([
    "Another three and a half degrees to the target.",
    "Jeszcze trzy i pół stopnia do celu.",
    "До цілі ще три з половиною градуси.",
    "עוד שלוש מעלות וחצי עד ליעד.",
  ])("is a difference: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test("is no other", () => {
    expect(ground.unsupported("Jeszcze dwa stopnie do celu.")).toBeDefined();
  });
});
