import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelReply, RecordedRequest, ScriptedAnswer } from "./model-script.ts";
import { ollamaCompletion, ollamaLines, openaiChunks, openaiCompletion } from "./model-wire.ts";

export type { ModelReply, RecordedRequest, ScriptedAnswer } from "./model-script.ts";

export interface ModelServerOptions {
  /** Ids that `/v1/models` and `/api/tags` list; default: one, `stand-in`. */
  readonly models?: readonly string[];
  /** When set, requests without this bearer token get 401. */
  readonly apiKey?: string;
  /** What answers a request for which nothing is queued; without it such requests are refused with 400. */
  readonly reply?: ModelReply | ((request: RecordedRequest) => ModelReply | Promise<ModelReply>);
  readonly port?: number;
}

export interface ModelServer {
  /** Base address for OpenAI clients, `…/v1`. */
  readonly openaiUrl: string;
  /** Base address for Ollama clients. */
  readonly ollamaUrl: string;
  readonly port: number;
  /** Requests for answers or vectors, in order. */
  readonly requests: RecordedRequest[];
  /** Requests that only list or describe models. */
  readonly listings: RecordedRequest[];
  /** Replies for the next requests, in order; they go before `reply`. */
  enqueue(...replies: ModelReply[]): void;
  /** Replaces what answers requests for which nothing is queued. */
  respond(reply: ModelServerOptions["reply"]): void;
  /** Makes the lists fail, or be slow; undefined heals them. */
  failListings(reply: ModelReply | undefined): void;
  /** Forgets requests, queue and default reply. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * A local server that speaks OpenAI's chat completions and Ollama's API as the true ones do, saying what it was told to say.
 * Anything nobody scripted is refused, so a test cannot pass by accident.
 */
export const startModelServer = async (options: ModelServerOptions = {}): Promise<ModelServer> => {
  const models = options.models ?? ["stand-in"];
  const queue: ModelReply[] = [];
  const requests: RecordedRequest[] = [];
  const listings: RecordedRequest[] = [];
  let fallback = options.reply;
  let listingReply: ModelReply | undefined;
  let counter = 0;

  const nextReply = async (request: RecordedRequest): Promise<ModelReply> => {
    const queued = queue.shift();
    if (queued) return queued;
    if (typeof fallback === "function") return await fallback(request);
    return fallback ?? { kind: "failure", status: 400, message: "Nobody scripted this request." };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const body = await readBody(request);
    const record: RecordedRequest = {
      protocol: path.startsWith("/v1/") ? "openai" : "ollama",
      method: request.method ?? "GET",
      path,
      headers: request.headers,
      body,
      receivedAt: performance.now(),
      aborted: false,
    };
    response.on("close", () => {
      if (response.writableFinished) return;
      record.aborted = true;
      record.abortedAt = performance.now();
    });
    const listing = listingOf(path, models, body);
    (listing ? listings : requests).push(record);
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return sendFailure(response, record, {
        status: 401,
        message: "Incorrect API key provided.",
        code: "invalid_api_key",
        type: "invalid_request_error",
      });
    }
    if (listing) {
      if (listingReply) return await play(listingReply, response, record, "");
      return sendJson(response, listing.status, listing.body);
    }
    if (!answered.has(path)) return sendFailure(response, record, { status: 404, message: "page not found" });
    if (models.length > 0 && !isKnown(models, body?.model)) {
      return sendFailure(response, record, {
        status: 404,
        message:
          record.protocol === "openai"
            ? `The model \`${body?.model}\` does not exist`
            : `model '${body?.model}' not found`,
        code: "model_not_found",
        type: "invalid_request_error",
      });
    }
    await play(await nextReply(record), response, record, `${++counter}`);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 1_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    openaiUrl: `http://127.0.0.1:${port}/v1`,
    ollamaUrl: `http://127.0.0.1:${port}`,
    port,
    requests,
    listings,
    enqueue: (...replies) => void queue.push(...replies),
    respond: (reply) => {
      fallback = reply;
    },
    failListings: (reply) => {
      listingReply = reply;
    },
    reset: () => {
      queue.length = 0;
      requests.length = 0;
      listings.length = 0;
      fallback = options.reply;
      listingReply = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answered = new Set(["/v1/chat/completions", "/v1/embeddings", "/api/chat", "/api/embed"]);

const isKnown = (models: readonly string[], asked: unknown): boolean =>
  models.some((name) => asked === name || asked === `${name}:latest` || `${asked}:latest` === name);

const readBody = async (request: IncomingMessage): Promise<RecordedRequest["body"]> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const listingOf = (path: string, models: readonly string[], body: RecordedRequest["body"]) => {
  const details = { format: "gguf", family: "stand-in", families: ["stand-in"], parameter_size: "1B" };
  if (path === "/v1/models") {
    const data = models.map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "stand-in" }));
    return { status: 200, body: { object: "list", data } };
  }
  if (path === "/api/tags") {
    const entries = models.map((name) => ({
      name: tagged(name),
      model: tagged(name),
      modified_at: "2026-01-01T00:00:00Z",
      size: 1_000,
      digest: Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64),
      details,
    }));
    return { status: 200, body: { models: entries } };
  }
  if (path === "/api/version") return { status: 200, body: { version: "0.12.0" } };
  if (path === "/api/ps") return { status: 200, body: { models: [] } };
  if (path !== "/api/show") return undefined;
  const name = body?.model ?? body?.name;
  if (!isKnown(models, name)) return { status: 404, body: { error: `model '${name}' not found` } };
  const capabilities = /embed/.test(name) ? ["embedding"] : ["completion", "tools"];
  return {
    status: 200,
    body: {
      modelfile: "",
      parameters: "",
      template: "",
      details,
      capabilities,
      model_info: {},
      modified_at: "2026-01-01T00:00:00Z",
    },
  };
};

const tagged = (name: string) => (name.includes(":") ? name : `${name}:latest`);

const sendJson = (response: ServerResponse, status: number, body: unknown, headers: object = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const sendFailure = (
  response: ServerResponse,
  record: RecordedRequest,
  failure: { status: number; message?: string; code?: string; type?: string; headers?: object },
): void => {
  const message = failure.message ?? `Status ${failure.status}`;
  const type = failure.type ?? (failure.status >= 500 ? "server_error" : "invalid_request_error");
  const body =
    record.protocol === "openai"
      ? { error: { message, type, param: null, code: failure.code ?? null } }
      : { error: message };
  sendJson(response, failure.status, body, failure.headers);
};

const play = async (
  reply: ModelReply,
  response: ServerResponse,
  record: RecordedRequest,
  id: string,
): Promise<void> => {
  if (reply.kind === "silence") return;
  if (reply.delayMs) await sleep(reply.delayMs);
  if (response.destroyed) return;
  if (reply.kind === "failure") return sendFailure(response, record, reply);
  if (reply.kind === "bytes") {
    response.writeHead(reply.status ?? 200, { "content-type": "text/html; charset=utf-8", ...reply.headers });
    response.flushHeaders();
    return await write(response, typeof reply.body === "string" ? [reply.body] : reply.body, reply);
  }
  await answer(reply, response, record, id);
};

const answer = async (reply: ScriptedAnswer, response: ServerResponse, record: RecordedRequest, id: string) => {
  const { body, path, protocol } = record;
  if (path.includes("embed")) return sendJson(response, 200, embeddings(reply, record));
  const streamed = protocol === "openai" ? body?.stream === true : body?.stream !== false;
  if (!streamed) {
    const whole =
      protocol === "openai"
        ? openaiCompletion(reply, `chatcmpl-${id}`, body.model)
        : ollamaCompletion(reply, body.model);
    return sendJson(response, 200, whole);
  }
  const openai = protocol === "openai";
  const includeUsage = body?.stream_options?.include_usage === true;
  const lines = openai
    ? openaiChunks(reply, `chatcmpl-${id}`, body.model, includeUsage)
    : ollamaLines(reply, body.model);
  const frame = (line: string) => (openai ? `data: ${line}\n\n` : `${line}\n`);
  const kept = reply.cut?.afterChunks ?? reply.errorAfterChunks ?? lines.length;
  const frames = lines.slice(0, kept).map(frame);
  if (reply.errorAfterChunks !== undefined) {
    const message = "the model went away";
    frames.push(
      frame(JSON.stringify({ error: openai ? { message, type: "server_error", param: null, code: null } : message })),
    );
  } else if (openai && !reply.cut) frames.push(frame("[DONE]"));
  response.writeHead(200, { "content-type": openai ? "text/event-stream; charset=utf-8" : "application/x-ndjson" });
  response.flushHeaders();
  await write(response, frames, reply);
};

/** Writes pieces at their pace; ends, unless the reply says that the connection breaks. */
const write = async (
  response: ServerResponse,
  pieces: readonly string[],
  reply: ScriptedAnswer | { chunkDelayMs?: number; firstChunkDelayMs?: number },
) => {
  if (reply.firstChunkDelayMs) await sleep(reply.firstChunkDelayMs);
  const cut = "cut" in reply ? reply.cut : undefined;
  const wireBytes = "wireBytes" in reply ? reply.wireBytes : undefined;
  const parts = wireBytes === undefined ? pieces : rechunk(Buffer.from(pieces.join("")), wireBytes);
  for (const part of parts) {
    if (response.destroyed) return;
    if (!response.write(part)) await drained(response);
    if (reply.chunkDelayMs) await sleep(reply.chunkDelayMs);
  }
  // Give the kernel time to hand over what was written before the reset.
  if (cut?.how === "reset") await sleep(20).then(() => response.destroy());
  else response.end();
};

/** Resolves when the caller can take more, or has left. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });

const rechunk = (bytes: Buffer, size: number): Buffer[] => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return parts;
};

const embeddings = (reply: ScriptedAnswer, { body, protocol }: RecordedRequest) => {
  const inputs: string[] = Array.isArray(body.input) ? body.input : [body.input];
  const vectors = inputs.map((text, at) => reply.vectors?.[at] ?? [text.length + 1, 2, 3]);
  const tokens = inputs.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  if (protocol === "ollama") {
    return {
      model: body.model,
      embeddings: vectors,
      total_duration: 1_000_000,
      load_duration: 1_000,
      prompt_eval_count: tokens,
    };
  }
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding:
      body.encoding_format === "base64" ? Buffer.from(new Float32Array(vector).buffer).toString("base64") : vector,
  }));
  return { object: "list", data, model: body.model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
};
