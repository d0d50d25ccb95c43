import type { Principal } from "../../platform/policy/principal.ts";
import type { Recalled } from "../timeline.ts";
import type { Fact, Facts } from "./facts.ts";

/** A fact as recall gives it: in the place of the message that says it. */
export const toFragment = (fact: Fact): Omit<Recalled, "score" | "layer"> => {
  const { id, sentence, owner, sourceMessageId, sourceThreadId, validFrom, subject, attribute } = fact;
  return {
    messageId: sourceMessageId ?? id,
    threadId: sourceThreadId ?? "",
    position: 0,
    author: owner,
    role: "user",
    content: sentence,
    createdAt: validFrom,
    fact: { id, subject, ...(attribute === undefined ? {} : { attribute }) },
  };
};

/** The newest facts that a principal said itself and that hold, whatever is asked. */
export type FactsOf = (principal: Principal, limit: number) => Promise<readonly Recalled[]>;

export const createFactsOf =
  (facts: Pick<Facts, "list">): FactsOf =>
  async (principal, limit) => {
    const own = await facts.list(principal, { owner: principal.id, limit });
    return own.facts.map((fact) => ({ ...toFragment(fact), layer: "fact", score: 1 }));
  };
