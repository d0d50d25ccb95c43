import { AppError } from "../platform/errors/app-error.ts";
import type { Evidence } from "../platform/evidence/evidence.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";
import { lastUserText, textOf } from "./conversation.ts";
import type { Draft, QueryInput, QueryRuntime, StepResult } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";
import { actionsOf } from "./validation/actions-of.ts";
import type { Ground } from "./validation/ground.ts";
import { checkJsonAnswer } from "./validation/json-answer.ts";
import type { RuleSet } from "./validation/rules.ts";

export interface ValidateDeps {
  readonly rules: (intents: readonly string[]) => RuleSet;
  readonly metrics: Pick<Metrics, "violations">;
  /** Drafts a model may write before templates, or an error, take over. */
  readonly modelAttempts: number;
}

interface Reads {
  readonly query: QueryInput;
  readonly parts: readonly IntentPart[];
  readonly history: readonly ChatMessage[];
  readonly results: readonly StepResult[];
  readonly evidence: readonly Evidence[];
  readonly locale: string;
  readonly timezone: string;
  readonly draft?: Draft | undefined;
  readonly attempts: number;
}

interface Writes {
  draft: Draft;
  violations: string[];
}

/**
 * Judges the whole draft of a model. A draft that broke a blocking rule goes back to `compose`, which names the violations to the model
 * once and then renders from evidence. An answer in JSON is released here, when it fits.
 *
 * @throws {AppError} GUARDRAIL_VIOLATION when no attempt gave JSON of the shape that was asked for.
 */
export const createValidate = ({ rules, metrics, modelAttempts }: ValidateDeps) =>
  async function validate(state: Reads, runtime: QueryRuntime): Promise<Writes> {
    const { query, parts, draft, attempts } = state;
    if (!draft) throw new AppError("INTERNAL", "There is no answer to check.");
    for (const rule of draft.broken) metrics.violations.inc({ rule });
    // What was let through with a warning, or dropped after something was shown, was never a broken draft.
    for (const rule of draft.noted ?? []) metrics.violations.inc({ rule });
    if (draft.broken.length > 0) return { draft, violations: [] };
    const format = query.responseFormat;
    if (format && format.type !== "text" && draft.toolCalls.length === 0 && draft.finishReason !== "length") {
      const verdict = checkJsonAnswer(draft.text, format);
      if (!verdict.ok) {
        metrics.violations.inc({ rule: "json_schema" });
        if (attempts >= modelAttempts) {
          throw new AppError("GUARDRAIL_VIOLATION", "The model did not give JSON of the shape that was asked for.", {
            field: "response_format",
          });
        }
        return { draft: { ...draft, broken: ["json_schema"] }, violations: [`json_schema: ${verdict.detail}`] };
      }
      await runtime.context?.emit?.({ type: "text", text: verdict.text });
      return { draft: { ...draft, text: verdict.text, released: true }, violations: [] };
    }
    if (format && format.type !== "text" && draft.text !== "" && !draft.released)
      await runtime.context?.emit?.({ type: "text", text: draft.text });
    const ruleSet = rules(parts.map((part) => part.name));
    const found = draft.text === "" ? [] : ruleSet.whole(draft.text, groundOf(state, ruleSet, runtime));
    for (const violation of found) metrics.violations.inc({ rule: violation.rule });
    const violations = found.map((violation) => `${violation.rule}: ${violation.detail}`);
    const broken = found.filter(({ severity }) => severity === "block").map(({ rule }) => rule);
    // What nobody has seen yet can still be written again.
    const isOpen = !draft.released && draft.toolCalls.length === 0 && attempts < modelAttempts;
    return { draft: isOpen && broken.length > 0 ? { ...draft, broken } : draft, violations };
  };

const groundOf = (
  { history, evidence, results, locale, timezone }: Omit<Reads, "query">,
  ruleSet: RuleSet,
  { context }: QueryRuntime,
): Ground =>
  ruleSet.createGround({
    texts: history.map(textOf),
    question: lastUserText(history),
    evidence,
    actions: actionsOf(history, results),
    locale,
    timezone,
    now: context?.now ?? new Date(),
  });
