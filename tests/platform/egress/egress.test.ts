import { describe, expect, test } from "vitest";
import { checkSlots } from "../../../platform/egress/check-slots.ts";
import { createEgress } from "../../../platform/egress/create-egress.ts";
import { createPermit } from "../../../platform/egress/create-permit.ts";
import { decideEgress } from "../../../platform/egress/decide-egress.ts";
import type { ContentKind, Destination, EgressPermit, ReceiptLine } from "../../../platform/egress/egress.ts";
import type { EgressClass } from "../../../platform/egress/egress-class.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";

const egress = createEgress();
const permitOf = (egressClass: EgressClass, confidential = egressClass !== "full") =>
  createPermit({ class: egressClass, confidential });
const goes = (permit: EgressPermit, kind: Destination["kind"], local: boolean, content: ContentKind): boolean => {
  try {
    egress(permit, { kind, name: "there", local }, content);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "EGRESS_BLOCKED" });
    return false;
  }
};

describe("the class of a query", () => {
  const base = { consent: false, localModel: false, blockedEgress: "blocked" as const };
  test.each([
    [{ ...base, mode: "open" as const }, "full"],
    [{ ...base, mode: "confidential" as const, consent: true }, "full"],
    [{ ...base, mode: "confidential" as const, localModel: true }, "local-only"],
    [{ ...base, mode: "confidential" as const }, "blocked"],
    [{ ...base, mode: "confidential" as const, blockedEgress: "sanitized" as const }, "sanitized"],
    [{ ...base, mode: "confidential" as const, blockedEgress: "generalised" as const }, "generalised"],
    [{ ...base, mode: "confidential" as const, localModel: true, blockedEgress: "sanitized" as const }, "local-only"],
  ])("%o is %s", (question, expected) => expect(decideEgress(question)).toBe(expected));

  test("a mode that got lost on the way counts as confidential", () => {
    expect(decideEgress({ ...base, mode: undefined })).toBe("blocked");
  });
});

describe("what each class lets go", () => {
  const classes: EgressClass[] = ["full", "local-only", "blocked", "sanitized", "generalised"];
  test.each([
    // kind, local, content, classes that let it go
    ["model", false, "sentence", ["full", "sanitized"]],
    ["embedder", false, "sentence", ["full", "sanitized"]],
    ["model", false, "features", ["full", "sanitized", "generalised"]],
    ["service", false, "sentence", ["full"]],
    ["service", false, "slots", ["full", "local-only", "sanitized", "generalised"]],
    ["tool", false, "features", ["full", "local-only", "sanitized", "generalised"]],
    ["tool", false, "none", ["full", "local-only", "sanitized", "generalised"]],
    ["model", true, "sentence", classes],
    ["service", true, "sentence", classes],
  ] as const)("%s (local: %s) gets %s in %j only", (kind, local, content, allowed) => {
    for (const egressClass of classes) {
      expect([egressClass, goes(permitOf(egressClass), kind, local, content)]).toEqual([
        egressClass,
        (allowed as readonly string[]).includes(egressClass),
      ]);
    }
  });

  test("confidential content is never traced or published, even locally and with consent", () => {
    const permit = permitOf("full", true);
    expect(goes(permit, "trace", true, "sentence")).toBe(false);
    expect(goes(permit, "event", true, "slots")).toBe(false);
    expect(goes(permit, "event", true, "features")).toBe(true);
    expect(goes(permitOf("full", false), "trace", true, "sentence")).toBe(true);
  });

  test("a class that nobody knows lets nothing out", () => {
    const permit = { ...permitOf("full"), class: "everything" as EgressClass };
    expect(goes(permit, "service", false, "features")).toBe(false);
  });

  test("a permit that cannot write a receipt lets nothing out", () => {
    const { record, receipt, ...bare } = permitOf("full");
    expect([typeof record, receipt]).toEqual(["function", []]);
    expect(goes(bare, "service", true, "features")).toBe(false);
  });
});

describe("the receipt", () => {
  test("has a line for what was sent and for what was held back, without content", () => {
    const lines: ReceiptLine[] = [];
    const permit = createPermit({ class: "local-only", confidential: true, receipt: (line) => void lines.push(line) });
    goes(permit, "service", false, "slots");
    goes(permit, "model", false, "sentence");
    expect(lines).toEqual([
      {
        destination: "there",
        kind: "service",
        content: "slots",
        decision: "sent",
        rule: "local-only: slots and features may leave",
      },
      {
        destination: "there",
        kind: "model",
        content: "sentence",
        decision: "held",
        rule: "local-only: local models only",
      },
    ]);
    expect(permit.receipt).toEqual(lines);
  });

  test("what was held back is counted", async () => {
    const metrics = createMetrics();
    const counted = createEgress({ metrics });
    expect(() => counted(permitOf("blocked"), { kind: "service", name: "weather", local: false }, "slots")).toThrow();
    expect(await metrics.registry.getSingleMetricAsString("provider_calls_total")).toContain(
      'provider_calls_total{provider="weather",outcome="held"} 1',
    );
  });
});

describe("slots that go to a source", () => {
  test("are refused in a sanitized query when one holds an identifier", async () => {
    const permit = permitOf("sanitized");
    await expect(checkSlots(permit, { place: "Kraków", nested: ["anna@example.com"] })).rejects.toMatchObject({
      code: "EGRESS_BLOCKED",
    });
    await expect(checkSlots(permit, { place: "Kraków", date: "2026-05-12", days: 3 })).resolves.toBeUndefined();
  });

  test.each([
    { pesel: 44051401359 },
    { nested: [{ card: 4111111111111111 }] },
    { "anna@example.com": "x" },
    { nested: { "44051401359": true } },
    { pin: 4821 },
    { password: "hunter2" },
  ])("are refused too when a number or a name of a field is one: %j", async (slots) => {
    await expect(checkSlots(permitOf("sanitized"), slots)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    await expect(checkSlots(permitOf("generalised"), slots)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
  });

  test.each([{ latitude: 52.2297, longitude: 21.0122 }, { year: 2026, days: 3, limit: 10 }, { amount: 1_250_000 }])(
    "pass when their numbers are nobody's: %j",
    async (slots) => {
      await expect(checkSlots(permitOf("sanitized"), slots)).resolves.toBeUndefined();
    },
  );

  test("pass in the other classes", async () => {
    await expect(checkSlots(permitOf("full"), { place: "anna@example.com" })).resolves.toBeUndefined();
  });
});
