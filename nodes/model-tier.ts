import { z } from "zod";
import type { IntentRow } from "../platform/config/registry.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import type { ModelTier } from "./classify.ts";
import type { Say } from "./wording.ts";

export interface ModelTierDeps {
  readonly models: Pick<ModelGateway, "configured" | "answerModel" | "stream">;
  readonly intents: () => readonly IntentRow[];
  readonly say: Say;
  /** Longest time for this question, in milliseconds: it stands before the answer. */
  readonly timeoutMs: number;
}

const Reply = z.object({
  intent: z.string(),
  confidence: z.number().min(0).max(1),
  slots: z.record(z.string(), z.string()).optional(),
});

/**
 * The last tier: asks the model which enabled intent a text means, as structured output. Any failure is "does not know":
 * classification never fails a query.
 */
export const createModelTier =
  ({ models, intents, say, timeoutMs }: ModelTierDeps) =>
  (permit: EgressPermit | undefined, signal: AbortSignal): ModelTier | undefined => {
    const model = models.answerModel;
    if (
      !models.configured ||
      model === undefined ||
      !permit ||
      permit.class === "blocked" ||
      permit.class === "generalised"
    )
      return undefined;
    return async (text, candidates) => {
      const own = new AbortController();
      const stop = () => own.abort(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      const timer = setTimeout(stop, timeoutMs);
      try {
        let reply = "";
        const known = candidates.map((intent) => `${intent.id}: ${intent.description}`).join("\n");
        for await (const event of models.stream({
          model,
          messages: [
            { role: "system", content: `${say("classify", "en")}\n${known}` },
            { role: "user", content: text },
          ],
          responseFormat: { type: "json_schema", name: "intent", schema: z.toJSONSchema(Reply) },
          temperature: 0,
          maxTokens: 200,
          permit,
          signal: own.signal,
          deadlineAt: performance.now() + timeoutMs,
        })) {
          if (event.type === "text") reply += event.text;
        }
        const parsed = Reply.safeParse(JSON.parse(reply.replace(/^\s*```(?:json)?|```\s*$/g, "")));
        if (!parsed.success || !intents().some((intent) => intent.id === parsed.data.intent)) return undefined;
        return {
          intent: parsed.data.intent,
          confidence: parsed.data.confidence,
          ...(parsed.data.slots ? { slots: parsed.data.slots } : {}),
        };
      } catch {
        signal.throwIfAborted();
        return undefined;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      }
    };
  };
