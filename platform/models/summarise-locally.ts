import { createPermit } from "../egress/create-permit.ts";
import { AppError } from "../errors/app-error.ts";
import type { ModelGateway } from "./model-gateway.ts";

export interface LocalSummaryDeps {
  readonly models: Pick<ModelGateway, "stream">;
  /** Alias or model that writes the summary; called through a permit that lets nothing out, so only a local one answers. */
  readonly model: string;
  readonly timeoutMs: number;
}

const instructions =
  "Say in one or two sentences what kind of help the user wants, so that a stranger could give general advice. " +
  "Leave out every name, number, address, date of birth, account, employer and anything else that could tell who the user or anyone mentioned is.";
const mostTokens = 100;

/**
 * Has a local model write what a confidential question is about. Gives undefined when it does not answer in time; the
 * caller then goes on without. The signal's reason is thrown when the caller aborts.
 */
export const createLocalSummary = ({ models, model, timeoutMs }: LocalSummaryDeps) =>
  async function summariseLocally(text: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const own = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(timeoutMs)]);
    // `local-only` and not the query's own class: a model elsewhere must never see these words.
    const permit = createPermit({ class: "local-only", confidential: true });
    try {
      let summary = "";
      for await (const event of models.stream({
        model,
        messages: [
          { role: "system", content: instructions },
          { role: "user", content: text },
        ],
        temperature: 0,
        maxTokens: mostTokens,
        permit,
        signal: own,
        deadlineAt: performance.now() + timeoutMs,
      })) {
        if (event.type === "text") summary += event.text;
      }
      return summary.trim() === "" ? undefined : summary;
    } catch (error) {
      signal?.throwIfAborted();
      if (own.aborted || error instanceof AppError) return undefined;
      throw error;
    }
  };
