import type { IntentRow } from "../platform/config/registry.ts";
import type { Degraded } from "../platform/evidence/evidence.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";
import { wantsJson } from "./answer/answer-state.ts";
import { textOf } from "./conversation.ts";
import { jobArgs } from "./jobs/job-args.ts";
import type { QueryInput, Step, StepResult } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";
import type { Say } from "./wording.ts";

export interface PlanDeps {
  readonly intents: () => readonly IntentRow[];
  /** What is there to call: services and tools by name. */
  readonly targets: {
    readonly services: ReadonlySet<string>;
    readonly tools: ReadonlySet<string>;
    /** Whether long jobs can be begun here. */
    readonly jobs?: boolean;
  };
  readonly say: Say;
  /** Whether a model is there for what only a model can answer; undefined: it is not asked here. */
  readonly hasModel?: () => boolean;
}

const longestBefore = 2_000;

interface Reads {
  readonly query: QueryInput;
  readonly text: string;
  readonly locale: string;
  readonly parts: readonly IntentPart[];
  /** What is there already: of a turn that goes on, or of the client's home. */
  readonly results: readonly StepResult[];
  /** The conversation, the newest message last. */
  readonly history?: readonly ChatMessage[];
}

interface Writes {
  steps: Step[];
  degraded: Degraded[];
}

/**
 * Turns intents into steps by the registry's rows. What an intent needs and this engine does not have becomes a line in
 * `degraded`, unless the client brought tools of its own for it.
 */
export const createPlan = ({ intents, targets, say, hasModel = () => true }: PlanDeps) => {
  let indexed: { from: readonly IntentRow[]; byId: ReadonlyMap<string, IntentRow> } | undefined;
  const rowOf = (id: string) => {
    const rows = intents();
    if (indexed?.from !== rows) indexed = { from: rows, byId: new Map(rows.map((row) => [row.id, row])) };
    return indexed.byId.get(id);
  };
  return async function plan({ query, text, locale, parts, results, history = [] }: Reads): Promise<Writes> {
    const steps: Step[] = [];
    const degraded: Degraded[] = [];
    const answered = new Set(results.map(({ step }) => step.part));
    const hasClientTools = (query.clientTools?.length ?? 0) > 0;
    /** A job that names nothing, where nothing was said before either. */
    let openEnded: Step | undefined;
    const push = ({ target }: IntentRow, kind: Step["kind"], args: Step["args"], part: number): void => {
      const { dependsOn, handOn } = parts[part] ?? {};
      steps.push({
        id: `s${results.length + steps.length + 1}`,
        kind,
        target,
        args,
        dependsOn:
          dependsOn === undefined ? [] : steps.filter((step) => step.part === dependsOn).map((step) => step.id),
        part,
        ...(handOn ? { handOn } : {}),
      });
    };
    for (const [part, intent] of parts.entries()) {
      const row = rowOf(intent.name);
      if (!row || row.kind === "text" || answered.has(part)) continue;
      if (row.kind === "chat") {
        // Beside parts that are answered, one that is not must be named; alone the whole answer says so.
        if (parts.length > 1 && !hasModel() && !hasClientTools)
          degraded.push({ part: row.target, reason: say("chat.no_model", locale) });
        continue;
      }
      if (row.kind === "job" && targets.jobs) {
        // Who wants JSON wants an answer now, and what a tool of the client gave is no new request.
        if (wantsJson(query) || query.messages.at(-1)?.role === "tool") continue;
        const { args, namesNothing } = jobArgs(row, intent, before(history));
        // "… and send me a report with sources" is the end of the request before it.
        if (namesNothing && steps.some(({ kind }) => kind === "job")) continue;
        // "Research this and send me a report: heat pumps" says at its end what it is all about.
        if (openEnded !== undefined && !namesNothing) steps.splice(steps.indexOf(openEnded), 1);
        openEnded = undefined;
        push(row, "job", args, part);
        if (namesNothing && args.before === undefined) openEnded = steps.at(-1);
        continue;
      }
      if (row.kind === "job" || !isThere(row, targets)) {
        if (!hasClientTools)
          degraded.push({
            part: row.target,
            reason: say("not_available", locale, { what: say(`part.${row.target}`, locale) || row.target }),
          });
        continue;
      }
      push(row, row.kind, row.kind === "recall" ? recallArgs(intent.slots, intent.text ?? text) : intent.slots, part);
    }
    return { steps, degraded };
  };
};

/** What the user said last before this turn. */
const before = (history: readonly ChatMessage[]): string | undefined => {
  const said = history.flatMap((message) => (message.role === "user" ? [textOf(message).trim()] : []));
  return said.at(-2)?.slice(0, longestBefore) || undefined;
};

/** `about`: `self` asks for everything that is known of the person. */
const recallArgs = ({ query, about }: Readonly<Record<string, unknown>>, text: string) => ({
  query: query ?? text,
  ...(about === undefined ? {} : { about }),
});

const isThere = (row: IntentRow, targets: PlanDeps["targets"]): boolean => {
  if (row.kind === "service") return targets.services.has(row.target);
  if (row.kind === "tool") return targets.tools.has(row.target);
  return row.kind === "recall";
};

/** Steps whose dependencies have ended and that have not run yet, with what earlier evidence fills put into their arguments. */
export const readySteps = (
  steps: readonly Step[],
  results: readonly {
    readonly step: Step;
    readonly status: string;
    readonly evidence: readonly { readonly data: Readonly<Record<string, unknown>> }[];
  }[],
): readonly Step[] => {
  const ended = new Map(results.map((result) => [result.step.id, result]));
  return steps
    .filter((step) => !ended.has(step.id) && step.dependsOn.every((id) => ended.has(id)))
    .map((step) => {
      const source = step.dependsOn.map((id) => ended.get(id)).find((result) => result?.status === "ok");
      const value = step.handOn && source?.evidence[0]?.data[step.handOn.from];
      return step.handOn && value !== undefined ? { ...step, args: { ...step.args, [step.handOn.to]: value } } : step;
    });
};
