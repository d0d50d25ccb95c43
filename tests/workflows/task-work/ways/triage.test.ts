import { expect, test } from "vitest";
import { componentOf, severityOf } from "../../../../workflows/task-work/ways/triage.ts";

const up = [
  { name: "database", state: "up" },
  { name: "cache", state: "up" },
];
const down = [up[0]!, { name: "cache", state: "down" }];

test.each([
  ["The database is down!", up, "critical", "database"],
  ["Awaria: baza nie działa", up, "critical", "other"],
  ["Answers are slow since noon.", up, "warning", "other"],
  ["Somebody asked about the logo.", down, "warning", "cache"],
  ["Somebody asked about the logo.", up, "info", "other"],
])("how bad '%s' is, and what it is about, is told by words and state", (incident, parts, severity, component) => {
  expect([severityOf(incident, parts), componentOf(incident, parts)]).toEqual([severity, component]);
});
