import type { IntentRow } from "../../platform/config/registry.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import { lastUserText, textOf } from "../conversation.ts";
import type { QueryContext, StepResult } from "../query.ts";
import type { Screen } from "../untrusted/create-screen.ts";
import { actionsOf } from "../validation/actions-of.ts";
import { type AnswerDeps, type AnswerState, type AnswerWork, wantsJson } from "./answer-state.ts";
import { buildMessages } from "./build-messages.ts";
import type { DataBlock } from "./data-block.ts";
import type { TurnTrust } from "./judge-call.ts";
import { createNeutraliseLinks } from "./neutralise-links.ts";
import { createReleaseGate, type ReleaseGate } from "./release-gate.ts";
import { screenEvidence, screenHistory } from "./screen-turn.ts";
import { turnTrustOf } from "./turn-trust.ts";

export interface RoundInput {
  readonly state: AnswerState;
  readonly work: AnswerWork;
  readonly screen: Screen;
  readonly block: DataBlock;
  readonly now: Date;
  readonly hasTools: boolean;
  /** What earlier rounds have said. */
  readonly said: string;
  readonly live: QueryContext["emit"];
}

export interface PreparedRound {
  readonly messages: readonly ChatMessage[];
  readonly gate: ReleaseGate;
  readonly trust: TurnTrust;
  /** Calls of our own tools that this turn has made so far. */
  readonly made: number;
}

/**
 * What one call of the model needs: the conversation with all that was found so far, looked through for instructions, and a
 * gate that knows the same facts.
 */
export const prepareRound = (
  { state, work, screen, block, now, hasTools, said, live }: RoundInput,
  { rules, intents, say }: Pick<AnswerDeps, "rules" | "intents" | "say">,
): PreparedRound => {
  const { query, locale, timezone } = state;
  const results = [...state.results, ...work.results];
  const called = results.filter(({ step }) => step.callId !== undefined);
  const evidence = screenEvidence(results, screen);
  const history = screenHistory(state.history, screen);
  const trust = turnTrustOf(state.history, results);
  const ruleSet = rules(intentsOf(state, called, intents()));
  const actions = actionsOf(state.history, results);
  const ground = ruleSet.createGround({
    texts: history.map(textOf),
    question: lastUserText(history),
    evidence,
    actions,
    locale,
    timezone,
    now,
  });
  const neutralise = wantsJson(query)
    ? (sentence: string) => sentence
    : createNeutraliseLinks(trust.trusted, trust.untrusted, evidence);
  let joint = said === "" || said.endsWith("\n") ? "" : "\n\n";
  const gate = createReleaseGate({
    check: (sentence) => ruleSet.sentence(sentence, ground),
    show: live ? (piece) => live({ type: "text", text: piece }) : undefined,
    maxLength: ruleSet.maxLength - said.length,
    dress(sentence) {
      if (sentence.trim() === "") return sentence;
      const lead = joint;
      joint = "";
      return lead + neutralise(sentence);
    },
  });
  const theirs = new Set((query.clientTools ?? []).map(({ name }) => name));
  const messages = buildMessages(
    {
      history,
      // What the model's own calls gave stands in its transcript.
      evidence: evidence.slice(0, evidence.length - called.flatMap((result) => result.evidence).length),
      transcript: [
        ...screenHistory(state.transcript, screen, (name) => name !== undefined && !theirs.has(name)),
        ...work.transcript,
      ],
      hasTools,
      block,
      locale,
      timezone,
      now,
      violations: state.violations,
      voice: state.query.voice,
    },
    say,
  );
  return { messages, gate, trust, made: called.length };
};

/** The intents whose rules hold: those of the query, and those that the model's own calls have served. */
const intentsOf = (
  { parts }: AnswerState,
  called: readonly StepResult[],
  rows: readonly IntentRow[],
): readonly string[] => {
  const targets = new Set(called.map(({ step }) => step.target));
  const served = rows.flatMap(({ id, target }) => (targets.has(target) ? [id] : []));
  return [...new Set([...parts.map(({ name }) => name), ...served])];
};
