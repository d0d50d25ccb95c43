import type { IntentRow } from "../../platform/config/registry.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { StepResult } from "../query.ts";
import type { IntentPart } from "../understanding/understood-query.ts";
import type { Say } from "../wording.ts";

export interface FactsToRender {
  readonly parts: readonly IntentPart[];
  readonly results: readonly StepResult[];
  /** Lines of `plan`: parts for which this engine has nothing. */
  readonly missing: readonly Degraded[];
  readonly locale: string;
  /** Whether a model is configured at all; changes what is said about parts that only a model could answer. */
  readonly hasModel: boolean;
  /** The sentences of a text that the memory keeps; default none. */
  readonly keptOf?: (text: string) => readonly string[];
}

/** One part's sentences, and whether they answer it. */
export interface RenderedPart {
  readonly part: number;
  readonly text: string;
  readonly answered: boolean;
}

/**
 * The answer in templates: each part's evidence in its own rendering, a sentence for each part that could not be answered.
 * In the order of the parts; never empty.
 */
export const renderFacts = (facts: FactsToRender, intents: readonly IntentRow[], say: Say): RenderedPart[] => {
  const { parts, results, missing, locale, hasModel, keptOf = () => [] } = facts;
  const modelAway = (): string => say(hasModel ? "chat.model_down" : "chat.no_model", locale);
  const unsaid = [...missing];
  const rendered = parts.map((part, index): RenderedPart => {
    const own = results.filter((result) => result.step.part === index);
    const row = intents.find((intent) => intent.id === part.name);
    if (row?.kind === "text" && own.length === 0) return { part: index, text: say(row.target, locale), answered: true };
    const line = row && own.length === 0 ? unsaid.findIndex((item) => item.part === row.target) : -1;
    const reason = line >= 0 ? unsaid.splice(line, 1)[0]?.reason : undefined;
    const isChat = row === undefined || row.kind === "chat";
    // What one asks to keep is easily taken for what one asks about. Not repeated: the answer would be recalled beside it.
    const kept = isChat || row.kind === "recall" ? keptOf(part.text).join("") : "";
    if (kept !== "" && kept.length >= leastKept * part.text.length) {
      return { part: index, text: say("chat.kept", locale), answered: true };
    }
    if (own.length > 0) {
      const text = own
        .map((result) => (result.status === "ok" ? result.text : (result.reason ?? "")))
        .filter(Boolean)
        .join("\n");
      return { part: index, text, answered: own.some((result) => result.status === "ok") };
    }
    if (row?.kind === "job" && reason === undefined && results.some(isBegun))
      return { part: index, text: "", answered: true };
    if (reason !== undefined && !isChat) return { part: index, text: reason, answered: false };
    const sentence = reason ?? modelAway();
    // Beside other parts "that" could mean any of them.
    const text = parts.length > 1 ? `«${shortened(part.text)}»: ${sentence}` : sentence;
    return { part: index, text, answered: false };
  });
  // What belongs to no part, such as more questions than are answered, is said last.
  for (const { reason } of unsaid) rendered.push({ part: parts.length, text: reason, answered: false });
  const seen = new Set<string>();
  const distinct = rendered.filter(({ text }) => text !== "" && !seen.has(text) && seen.add(text));
  return distinct.length > 0 ? distinct : [{ part: 0, text: modelAway(), answered: false }];
};

/** Whether a step began a long job. */
export const isBegun = ({ step, status }: Pick<StepResult, "step" | "status">): boolean =>
  step.kind === "job" && status === "ok";

/** What is told of jobs that have begun: always in our own words, so that no model can get an id wrong. */
export const renderJobs = (results: readonly StepResult[]): string =>
  [...new Set(results.filter(isBegun).map(({ text }) => text))].join("\n");

/** Whoever says what is to be kept, and little more, asks for nothing else. */
const leastKept = 0.4;
const longestNamed = 60;
const shortened = (text: string): string =>
  text.length <= longestNamed ? text : `${text.slice(0, longestNamed).replace(/\s+\S*$/u, "")}…`;

/** Sentences for what could not be reached or done: said by us after a model's answer, so that no model can leave them out. */
export const renderGaps = (results: readonly StepResult[], missing: readonly Degraded[]): string =>
  [
    ...new Set([
      ...results.filter((result) => result.status === "failed").map((result) => result.reason ?? ""),
      // What a service was without its evidence shows; what of the memory was not searched shows nowhere.
      ...results
        .filter(({ step }) => step.kind === "recall")
        .flatMap(({ degraded }) => degraded.map(({ reason }) => reason)),
      ...missing.map((line) => line.reason),
    ]),
  ]
    .filter(Boolean)
    .join("\n");
