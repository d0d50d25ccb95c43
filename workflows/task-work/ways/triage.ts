import { wordsOf } from "../../../platform/language/normalise-text.ts";
import type { CrewAnswer } from "../task-work-deps.ts";
import { sentencesOf } from "./pick-sentences.ts";
import { plainLine } from "./plain-line.ts";
import { shortSubject, subjectOf } from "./subject.ts";
import type { Way } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";

/** The state of a part of the system, as the tool `check_system` tells it. */
interface PartState {
  readonly name: string;
  readonly state: string;
}

type Severity = "info" | "warning" | "critical";

/** What is to be done about an incident. */
export interface Proposal {
  readonly title: string;
  readonly component: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly steps: readonly string[];
}

const say = {
  states: { en: "State of the system", pl: "Stan systemu" },
  earlier: { en: "Similar before", pl: "Podobne wcześniej" },
  none: { en: "Nothing similar was found.", pl: "Nie znaleziono nic podobnego." },
  failed: { en: "This could not be checked: {reason}", pl: "Tego nie dało się sprawdzić: {reason}" },
  severity: { en: "Severity: {severity}", pl: "Waga: {severity}" },
  component: { en: "Part: {component}", pl: "Część: {component}" },
  steps: { en: "Proposed steps", pl: "Proponowane kroki" },
  look: { en: "Look at '{part}', which is {state}.", pl: "Sprawdzić '{part}': {state}." },
  compare: { en: "Compare with what was found from before.", pl: "Porównać z tym, co znaleziono z wcześniej." },
  alert: {
    en: "Raise an alert of severity {severity} for '{component}'.",
    pl: "Zgłosić alert o wadze {severity}: '{component}'.",
  },
  done: { en: "Done: {what}", pl: "Zrobione: {what}" },
  notDone: { en: "Not done: {reason}", pl: "Nie zrobione: {reason}" },
  byHand: { en: "What is left to people:", pl: "Co zostaje ludziom:" },
} satisfies Record<string, Sentence>;

const gravest = [
  "outage",
  "down",
  "crash",
  "data loss",
  "breach",
  "unreachable",
  "awaria",
  "nie dziala",
  "utrata",
  "wlamanie",
  "padl",
];
const grave = ["slow", "error", "fail", "timeout", "degraded", "blad", "wolno", "nie odpowiada", "ostrzezenie"];

const partsOf = (data: unknown): readonly PartState[] => {
  const parts = typeof data === "object" && data !== null ? (data as { parts?: unknown }).parts : undefined;
  return Array.isArray(parts)
    ? (parts as PartState[]).filter(({ name, state }) => typeof name === "string" && typeof state === "string")
    : [];
};

const partsIn = (data: unknown): readonly PartState[] =>
  typeof data === "object" && data !== null && "system" in data ? partsOf(data.system) : [];

/** How bad an incident is by its words and by the system's state. */
export const severityOf = (incident: string, parts: readonly PartState[]): Severity => {
  const said = wordsOf(incident).join(" ");
  if (gravest.some((word) => said.includes(word))) return "critical";
  if (parts.some(({ state }) => state !== "up") || grave.some((word) => said.includes(word))) return "warning";
  return "info";
};

/** The part of the system that it is about: one that the text names, else one that is not up, else `other`. */
export const componentOf = (incident: string, parts: readonly PartState[]): string => {
  const said = wordsOf(incident).join(" ");
  const named = parts.find(({ name }) => said.includes(name.toLowerCase()));
  return (
    (named ?? parts.find(({ state }) => state !== "up"))?.name.replace(/[^a-z0-9_-]/gi, "-").toLowerCase() ?? "other"
  );
};

/** Looks at the system's state and at what was said of the like before. */
export const checkIncident: Way = async ({ input, tools, use, book, locale }) => {
  const incident = subjectOf(input);
  const has = (name: string) => tools.some((tool) => tool.name === name);
  const [system, earlier] = await Promise.all([
    has("check_system") ? use("check_system", {}) : undefined,
    has("recall_memory") ? use("recall_memory", { query: incident.slice(0, 900), limit: 5 }) : undefined,
  ]);
  const reasonOf = (answer: CrewAnswer | undefined): string[] =>
    answer && answer.status !== "ok" ? [inLanguage(locale, say.failed, { reason: answer.reason })] : [];
  const states = system?.status === "ok" ? [system.text] : reasonOf(system);
  const similar =
    earlier?.status === "ok"
      ? earlier.sources.flatMap((source) => {
          const [first] = sentencesOf(source.text);
          return first === undefined ? [] : [`- ${plainLine(first)} [${book.add(source)}]`];
        })
      : reasonOf(earlier);
  return {
    text: [
      `## ${inLanguage(locale, say.states)}\n${states.join("\n")}`,
      `## ${inLanguage(locale, say.earlier)}\n${similar.join("\n") || inLanguage(locale, say.none)}`,
    ].join("\n\n"),
    data: { system: system?.status === "ok" ? system.data : undefined, similar: similar.length },
    material: states,
  };
};

/** What to do, by the rules above: an alert for the part that it is about, and where people should look. */
export const proposeAction: Way = ({ input, context, locale }) => {
  const incident = subjectOf(input);
  const parts = Object.values(context).flatMap(({ data }) => partsIn(data));
  const component = componentOf(incident, parts);
  const severity = severityOf(incident, parts);
  const hasEarlier = Object.values(context).some(({ citations }) => citations.length > 0);
  const down = parts.filter(({ state }) => state !== "up");
  const steps = [
    inLanguage(locale, say.alert, { severity, component }),
    ...down.map(({ name, state }) => inLanguage(locale, say.look, { part: name, state })),
    ...(hasEarlier ? [inLanguage(locale, say.compare)] : []),
  ];
  const title = shortSubject(input, 80);
  const proposal: Proposal = { title, component, severity, summary: shortSubject(input, 400), steps };
  const lines = [
    `# ${plainLine(title)}`,
    inLanguage(locale, say.severity, { severity }),
    inLanguage(locale, say.component, { component }),
    `## ${inLanguage(locale, say.steps)}`,
    ...steps.map((step, index) => `${index + 1}. ${step}`),
  ];
  return { text: lines.join("\n"), data: proposal };
};

const proposalIn = (data: unknown): Proposal | undefined =>
  typeof data === "object" && data !== null && "component" in data && "severity" in data
    ? (data as Proposal)
    : undefined;

/** Does what was proposed and approved: raises the alert; the other steps are people's. */
export const carryOutProposal: Way = async ({ context, use, locale }) => {
  const proposal = Object.values(context)
    .map(({ data }) => proposalIn(data))
    .find(Boolean);
  if (!proposal) return { text: inLanguage(locale, say.notDone, { reason: "-" }), data: { done: false } };
  const { component, severity, title, steps } = proposal;
  const answer = await use("raise_alert", { component, severity });
  const isDone = answer.status === "ok";
  const left = isDone ? steps.slice(1) : steps;
  const lines = [
    `# ${plainLine(title)}`,
    isDone
      ? inLanguage(locale, say.done, { what: answer.text })
      : inLanguage(locale, say.notDone, { reason: answer.reason }),
    ...(left.length > 0 ? [inLanguage(locale, say.byHand), ...left.map((step) => `- ${plainLine(step)}`)] : []),
  ];
  return { text: lines.join("\n"), data: { done: isDone }, ...(isDone ? { material: [answer.text] } : {}) };
};
