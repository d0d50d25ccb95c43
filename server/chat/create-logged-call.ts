import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { LogCall } from "../../atlas/call-log.ts";
import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { Usage } from "../../platform/models/model-gateway.ts";
import type { QueryControl } from "./query-control.ts";

export interface LoggedCallDeps {
  readonly permitFor: (mode: Mode, consent: boolean, receipt?: object[], principal?: string) => EgressPermit;
  readonly logCall: LogCall;
  readonly metrics: Pick<Metrics, "tokensIn" | "tokensOut">;
  readonly logger: Pick<Logger, "error">;
}

/** A call to a provider's model without the graph: its permit, and its log row with the receipt at the end. */
export interface LoggedCall {
  readonly permit: EgressPermit;
  /** Counts the tokens and keeps the row, whether the call ended well or broke off; never throws. */
  end(outcome: { readonly model?: string; readonly usage?: Usage }): Promise<void>;
}

export type BeginLoggedCall = (call: {
  readonly control: Pick<QueryControl, "mode" | "consent">;
  readonly principal: string;
  readonly surface: "openai" | "ollama";
  /** What kind of call: `model` for a chat with a provider's model, `embeddings`, `auxiliary` for titles and the like. */
  readonly agent: "model" | "embeddings" | "auxiliary";
}) => LoggedCall;

/** Opens calls that have no thread but need a receipt all the same. */
export const createLoggedCalls =
  ({ permitFor, logCall, metrics, logger }: LoggedCallDeps): BeginLoggedCall =>
  ({ control, principal, surface, agent }) => {
    const startedAt = performance.now();
    const receipt: object[] = [];
    const permit = permitFor(control.mode, control.consent, receipt, principal);
    return {
      permit,
      async end({ model, usage }) {
        if (model !== undefined && usage !== undefined) {
          metrics.tokensIn.inc({ agent_id: agent, model }, usage.promptTokens);
          metrics.tokensOut.inc({ agent_id: agent, model }, usage.completionTokens);
        }
        // Nothing was asked of anybody (the built-in embedder, a model that is unknown): there is nothing to say.
        if (receipt.length === 0) return;
        try {
          await logCall({
            id: randomUUID(),
            principal,
            surface,
            agent,
            mode: control.mode,
            egress: permit.class,
            ...(model === undefined ? {} : { model }),
            tokensIn: usage?.promptTokens ?? 0,
            tokensOut: usage?.completionTokens ?? 0,
            responseMs: Math.round(performance.now() - startedAt),
            receipt,
          });
        } catch (error) {
          // The answer has been given; a receipt that cannot be kept must at least be known to the operator.
          logger.error({ err: error, agent }, "the receipt of a call to a model could not be kept");
        }
      },
    };
  };
