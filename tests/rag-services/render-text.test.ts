import { describe, expect, test } from "vitest";
import {
  countOf,
  countryName,
  formatDateTime,
  formatDay,
  formatMoney,
  formatNumber,
  formatTime,
  isoDay,
  joinList,
  knownZone,
  sourceLine,
} from "../../rag-services/render-text.ts";

const moment = new Date("2026-08-01T12:05:00Z");

describe("formats", () => {
  test("follow the locale", () => {
    expect(formatNumber(12_340.56, "en", 1)).toBe("12,340.6");
    expect(formatNumber(12_340.56, "pl", 1).replace(/\s/g, " ")).toBe("12 340,6");
    expect(formatMoney(1234.5, "EUR", "en")).toBe("€1,234.50");
    expect(formatMoney(1234.5, "points", "en")).toBe("1,234.5 points");
    expect(formatDay("2026-08-01", "pl")).toBe("sobota, 1 sierpnia 2026");
    expect(formatTime(moment, "en", "Europe/Warsaw")).toBe("14:05");
    expect(formatTime(moment, "en-US", "America/New_York").replace(/\s/g, " ")).toBe("08:05 AM");
    expect(formatDateTime(moment, "pl", "Europe/Warsaw")).toBe("1 sierpnia 2026 14:05");
    expect(joinList(["a", "b", "c"], "pl")).toBe("a, b i c");
    expect(countryName("DE", "pl")).toBe("Niemcy");
  });

  test("never say minus zero", () => {
    expect(formatNumber(-0.2, "en")).toBe("0");
    expect(formatNumber(-0.04, "pl", 1)).toBe("0");
  });

  test("count as the language does", () => {
    const goals = { en: { one: "goal", other: "goals" }, pl: { one: "gol", few: "gole", many: "goli", other: "gola" } };
    expect([1, 2, 5, 22].map((count) => countOf(count, "pl", goals))).toEqual(["1 gol", "2 gole", "5 goli", "22 gole"]);
    expect([1, 2].map((count) => countOf(count, "en", goals))).toEqual(["1 goal", "2 goals"]);
  });

  test("take the day from the zone", () => {
    expect(isoDay(new Date("2026-08-01T23:30:00Z"), "Europe/Warsaw")).toBe("2026-08-02");
    expect(isoDay(new Date("2026-08-01T23:30:00Z"), "America/New_York")).toBe("2026-08-01");
  });

  test("survive locales, zones and countries that do not exist", () => {
    expect(formatNumber(1.5, "not a locale", 1)).toBe("1.5");
    expect(formatDay("2026-08-01", "")).toContain("2026");
    expect(formatTime(moment, "xx-YY-zz", "Mars/Base")).toBe("12:05");
    expect(knownZone("Mars/Base")).toBe("UTC");
    expect(countryName("??", "en")).not.toBe("");
  });
});

test("sources are named once, with the newest time", () => {
  const item = { service: "s", title: "t", text: "x", data: {}, sourceName: "A", score: 1 };
  const evidence = [
    { ...item, observedAt: "2026-08-01T10:00:00Z" },
    { ...item, observedAt: "2026-08-01T12:05:00Z" },
    { ...item, sourceName: "B", observedAt: "2026-08-01T11:00:00Z" },
  ];
  expect(sourceLine(evidence, "en", "Europe/Warsaw")).toBe("Source: A and B, as of 1 August 2026 at 14:05.");
  expect(sourceLine([], "en", "UTC")).toBe("");
});
