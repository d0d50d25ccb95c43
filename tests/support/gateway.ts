import type { ModelAliasRow, Registry } from "../../platform/config/registry.ts";
import { createEgress } from "../../platform/egress/create-egress.ts";
import { createPermit, type PermitOptions } from "../../platform/egress/create-permit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createModelGateway, type ModelGatewayDeps } from "../../platform/models/create-model-gateway.ts";
import type { ChatEvent, ChatRequest, ModelGateway } from "../../platform/models/model-gateway.ts";

export type TestSettings = Partial<ModelGatewayDeps["settings"]>;

const registryOf = (modelAliases: readonly ModelAliasRow[]) => ({
  current: () => ({ revision: "test", modelAliases }) as unknown as Registry,
});

/** A gateway on local servers with short clocks. */
export const gatewayOn = async (
  settings: TestSettings,
  options: Partial<Omit<ModelGatewayDeps, "settings" | "registry">> & { aliases?: readonly ModelAliasRow[] } = {},
): Promise<ModelGateway & { readonly metrics: ReturnType<typeof createMetrics> }> => {
  const metrics = createMetrics();
  const { aliases = [], ...rest } = options;
  const gateway = await createModelGateway({
    settings: {
      OPENAI_API_KEY: undefined,
      OPENAI_BASE_URL: undefined,
      OLLAMA_BASE_URL: undefined,
      ATHENA_MODEL: undefined,
      ATHENA_FIRST_TOKEN_SECONDS: 5,
      ...settings,
    },
    registry: registryOf(aliases),
    egress: createEgress({ metrics }),
    metrics,
    firstPauseMs: 20,
    ...rest,
  });
  return Object.assign(Object.create(gateway) as ModelGateway, { metrics });
};

export const openPermit = (options: Partial<PermitOptions> = {}) =>
  createPermit({ class: "full", confidential: false, budgetMs: 5_000, ...options });

/** A request that asks "Hello" of the model, with 15 seconds to go. */
export const requestTo = (model: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  model,
  messages: [{ role: "user", content: "Hello" }],
  permit: openPermit(),
  signal: new AbortController().signal,
  deadlineAt: performance.now() + 15_000,
  ...more,
});

export const eventsOf = async (events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> => {
  const all: ChatEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

export const textOf = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");
