import { describe, expect, test } from "vitest";
import { slotRecognisers } from "../../../../nodes/understanding/slot-recognisers.ts";
import type { SlotContext } from "../../../../nodes/understanding/slots/slot-recogniser.ts";
import { leastCpuMs } from "../../../support/least-cpu-ms.ts";

const context: SlotContext = {
  locale: "en",
  timezone: "UTC",
  now: new Date("2026-11-21T08:00:00Z"),
  gazetteer: { find: () => [], resolve: () => undefined },
};
const find = (recogniser: string, text: string) => slotRecognisers.get(recogniser)?.find(text, context);

describe("what operations name", () => {
  test.each([
    ["host", "how is server web-1 doing", "web-1"],
    ["host", "reboot db02 please", "db02"],
    ["host", "czy cache.eu.example.org działa", "cache.eu.example.org"],
    ["host", "is 10.0.0.7 up?", "10.0.0.7"],
    ["host", "what is the weather in Kraków", undefined],
    ["host", "mail me at ada@example.org", undefined],
    ["service", "restart the payment service", "payment"],
    ["service", "zrestartuj usługę płatności", "płatności"],
    ["service", "перезапусти сервіс платежів", "платежів"],
    ["service", "תפעיל מחדש את שירות התשלומים", "התשלומים"],
    ["metric", "p95 latency of the checkout api", "latency"],
    ["metric", "ile pamięci zajmuje usługa cache", "memory"],
    ["metric", "скільки помилок у сервісі входу", "errors"],
    ["metric", "מה עומס המעבד", "cpu"],
    ["operation", "roll back the last deployment", "roll_back"],
    ["operation", "uruchom ponownie serwer www", "restart"],
    ["operation", "розгорни нову версію api", "deploy"],
    ["operation", "תעצור את משימת הייבוא", "stop"],
    ["ticket", "close OPS-42 and #17", "OPS-42"],
    ["ticket", "the code 42 and UTF-8 text", undefined],
    ["ticket_action", "create a ticket for the broken printer", "create"],
    ["ticket_text", "create a ticket for the broken printer", "broken printer"],
    ["subject", "write a report about our energy use", "energy use"],
    ["subject", "research heat pumps thoroughly", "heat pumps"],
    ["frequency", "send me a weekly report", "weekly"],
    ["frequency", "raport co miesiąc", "monthly"],
    ["frequency", "send me a report every morning", "daily"],
    ["frequency", "wysyłaj mi raport co piątek", "weekly"],
    ["frequency", "надсилай звіт щоп'ятниці", "weekly"],
    ["frequency", "надсилай звіт щоранку", "daily"],
    ["frequency", "דוח כל יום ראשון", "weekly"],
    ["frequency", "דוח כל בוקר", "daily"],
    ["frequency", "דוח על היומיים האחרונים", undefined],
    ["frequency", "raport o moim dzienniku", undefined],
    ["frequency", "report on every open ticket", undefined],
  ])("%s in %j", (recogniser, text, value) => {
    expect(find(recogniser, text)).toBe(value);
  });

  test("are found fast in any text", async () => {
    const recognisers = ["host", "service", "metric", "operation", "ticket", "ticket_text", "subject", "frequency"];
    for (const unit of ["a-", "a.", "1.", "A-1 ", "#", "mark ", "co ", "\n"]) {
      const text = unit.repeat(50_000);
      for (const recogniser of recognisers) {
        const ms = await leastCpuMs(() => find(recogniser, text));
        expect(ms, `${recogniser} ${JSON.stringify(unit)}`).toBeLessThan(50);
      }
    }
  });
});
