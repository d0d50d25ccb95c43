import { z } from "zod";
import { isLoopback } from "../egress/is-loopback.ts";
import { mapChunk } from "./map-chunk.ts";
import { chosenTools, toOllamaFormat, toOllamaMessages } from "./map-ollama.ts";
import { toOpenAITool } from "./map-openai.ts";
import type { ModelInfo } from "./model-gateway.ts";
import type { Provider, ProviderDelta, ProviderRequest } from "./provider.ts";
import { callProvider, readJson, streamProvider } from "./provider-call.ts";

export interface OllamaProviderDeps {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
}

const Tags = z.object({ models: z.array(z.object({ name: z.string(), digest: z.string().optional() })) });
const Show = z.object({ capabilities: z.array(z.string()).optional() });

/** Ollama through `@langchain/ollama`, which is loaded with the first call. */
export const createOllamaProvider = ({ url, fetch }: OllamaProviderDeps): Provider => {
  const baseUrl = url.replace(/\/+$/, "");
  const described = new Map<string, ModelInfo["capabilities"]>();

  async function* chat(model: string, request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderDelta> {
    const { ChatOllama } = await import("@langchain/ollama");
    const tools = chosenTools(request.tools, request.toolChoice);
    const format = toOllamaFormat(request.responseFormat);
    yield* streamProvider({ fetch, signal, reply: "lines" }, { provider: "ollama", model }, async function* (watched) {
      const ollama = new ChatOllama({
        baseUrl,
        model,
        fetch: watched,
        maxRetries: 0,
        ...numbers(request),
        ...(request.keepAlive !== undefined && { keepAlive: request.keepAlive }),
        // The type says boolean, the wire takes levels of effort too.
        ...(request.think !== undefined && { think: request.think as boolean }),
      });
      // The package would part pictures from their text and forget which tool a result came from.
      const messages = toOllamaMessages(request.messages);
      const send = ollama.client.chat.bind(ollama.client) as (request: object) => Promise<never>;
      ollama.client.chat = (given: object) => send({ ...given, messages });
      const stream = ollama._streamResponseChunks([], {
        signal,
        ...(request.stop && { stop: [...request.stop] }),
        ...(tools.length > 0 && { tools: tools.map(toOpenAITool) }),
        ...(format && { format }),
      });
      for await (const chunk of stream) yield mapChunk(chunk);
    });
  }

  /** What a model can do, asked once per content digest. */
  const describe = async (name: string, digest: string, signal: AbortSignal): Promise<ModelInfo["capabilities"]> => {
    const known = described.get(digest);
    if (known) return known;
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: name }),
    };
    const reply = await readJson({ fetch, signal }, { provider: "ollama", model: name }, `${baseUrl}/api/show`, init);
    const capabilities = mapCapabilities(Show.parse(reply).capabilities, name);
    described.set(digest, capabilities);
    return capabilities;
  };

  return {
    name: "ollama",
    url,
    local: isLoopback(url),
    chat,
    async embed(model, inputs, dimensions, signal) {
      const { OllamaEmbeddings } = await import("@langchain/ollama");
      return await callProvider({ fetch, signal, reply: "json" }, { provider: "ollama", model }, (watched) =>
        new OllamaEmbeddings({
          baseUrl,
          model,
          fetch: watched,
          maxRetries: 0,
          truncate: true,
          ...(dimensions !== undefined && { dimensions }),
        }).embedDocuments([...inputs]),
      );
    },
    async list(signal) {
      const reply = await readJson({ fetch, signal }, { provider: "ollama", model: "tags" }, `${baseUrl}/api/tags`);
      const { models } = Tags.parse(reply);
      return await Promise.all(
        models.map(async ({ name, digest }) => ({
          name,
          capabilities: await describe(name, digest ?? name, signal).catch(() => mapCapabilities(undefined, name)),
        })),
      );
    },
  };
};

const mapCapabilities = (given: readonly string[] | undefined, name: string): ModelInfo["capabilities"] => {
  if (!given) return /embed/i.test(name) ? ["embeddings"] : ["chat", "tools"];
  const names = { completion: "chat", tools: "tools", vision: "vision", embedding: "embeddings" } as const;
  return given.flatMap((one) => (one in names ? [names[one as keyof typeof names]] : []));
};

const numbers = (request: ProviderRequest) =>
  Object.fromEntries(
    Object.entries({
      temperature: request.temperature,
      topP: request.topP,
      numPredict: request.maxTokens,
      numCtx: request.contextLength,
      seed: request.seed,
      presencePenalty: request.presencePenalty,
      frequencyPenalty: request.frequencyPenalty,
    }).filter(([, value]) => value !== undefined),
  );
