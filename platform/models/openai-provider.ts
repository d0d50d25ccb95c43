import { z } from "zod";
import { isLoopback } from "../egress/is-loopback.ts";
import { mapChunk } from "./map-chunk.ts";
import { toLangChainMessages, toOpenAIResponseFormat, toOpenAITool, toOpenAIToolChoice } from "./map-openai.ts";
import type { Provider, ProviderDelta, ProviderRequest } from "./provider.ts";
import { callProvider, readJson, streamProvider } from "./provider-call.ts";

export interface OpenAIProviderDeps {
  /** Base address, `…/v1`. */
  readonly url: string;
  /** Undefined: the server wants none. */
  readonly apiKey: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

type Library = typeof import("@langchain/openai");
type Delta = Parameters<
  InstanceType<Library["ChatOpenAICompletions"]>["_convertCompletionsDeltaToBaseMessageChunk"]
>[0];

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Most texts in one embeddings request. */
const embeddingBatch = 256;

const load = async () => {
  const [library, messages] = await Promise.all([import("@langchain/openai"), import("@langchain/core/messages")]);
  /**
   * The package drops tool calls and reasoning from streams whose first chunk names no role, and does not know the field
   * that vLLM calls `reasoning`.
   */
  class CompatibleChat extends library.ChatOpenAICompletions {
    override _convertCompletionsDeltaToBaseMessageChunk(delta: Delta, rawResponse: never) {
      const reasoning = delta.reasoning_content ?? delta.reasoning;
      const complete = { ...delta, role: "assistant", ...(reasoning != null && { reasoning_content: reasoning }) };
      return super._convertCompletionsDeltaToBaseMessageChunk(complete, rawResponse, "assistant");
    }
  }
  return { library, messages, CompatibleChat };
};

/** OpenAI and whatever speaks its Chat Completions API, through `@langchain/openai`, which is loaded with the first call. */
export const createOpenAIProvider = ({ url, apiKey, fetch }: OpenAIProviderDeps): Provider => {
  const baseURL = url.replace(/\/+$/, "");
  let loaded: ReturnType<typeof load> | undefined;
  const client = (watched: typeof globalThis.fetch) => ({
    apiKey: apiKey ?? "none",
    maxRetries: 0,
    // The package would read organisation and project from the environment and print what it cannot parse.
    configuration: { baseURL, fetch: watched, organization: null, project: null, logLevel: "off" as const },
  });

  async function* chat(model: string, request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderDelta> {
    loaded ??= load();
    const { messages, CompatibleChat } = await loaded;
    const tools = request.tools ?? [];
    yield* streamProvider({ fetch, signal, reply: "events" }, { provider: "openai", model }, async function* (watched) {
      const completions = new CompatibleChat({
        ...client(watched),
        model,
        ...pick(request, ["temperature", "topP", "maxTokens", "presencePenalty", "frequencyPenalty"]),
      });
      const stream = completions._streamResponseChunks(toLangChainMessages(request.messages, messages), {
        signal,
        ...pick(request, ["seed"]),
        ...(request.stop && { stop: [...request.stop] }),
        ...(tools.length > 0 && {
          tools: tools.map(toOpenAITool),
          ...(request.toolChoice && { tool_choice: toOpenAIToolChoice(request.toolChoice) }),
          ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
        }),
        ...(request.responseFormat && { response_format: toOpenAIResponseFormat(request.responseFormat) }),
      });
      for await (const chunk of stream) yield mapChunk(chunk);
    });
  }

  return {
    name: "openai",
    url,
    local: isLoopback(url),
    chat,
    async embed(model, inputs, dimensions, signal) {
      loaded ??= load();
      const { library } = await loaded;
      return await callProvider({ fetch, signal, reply: "json" }, { provider: "openai", model }, (watched) =>
        new library.OpenAIEmbeddings({
          ...client(watched),
          model,
          stripNewLines: false,
          batchSize: embeddingBatch,
          encodingFormat: "float",
          ...(dimensions !== undefined && { dimensions }),
        }).embedDocuments([...inputs]),
      );
    },
    async list(signal) {
      const headers = { authorization: `Bearer ${apiKey ?? "none"}` };
      const reply = await readJson({ fetch, signal }, { provider: "openai", model: "models" }, `${baseURL}/models`, {
        headers,
      });
      const { data } = Models.parse(reply);
      return data.map(({ id }) => ({
        name: id,
        capabilities: /embed/i.test(id) ? (["embeddings"] as const) : (["chat", "tools"] as const),
      }));
    },
  };
};

const pick = <Key extends keyof ProviderRequest>(request: ProviderRequest, keys: readonly Key[]) =>
  Object.fromEntries(keys.filter((key) => request[key] !== undefined).map((key) => [key, request[key]])) as {
    [Name in Key]?: NonNullable<ProviderRequest[Name]>;
  };
