import { randomUUID } from "node:crypto";
import { z } from "zod";
import { secretValues } from "../../platform/config/secret-values.ts";
import { type Settings, settingsFromEnvironment } from "../../platform/config/settings.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { QueryReply, QueryRequest } from "../native/query-request.ts";
import { toQueryInput, toQueryReply } from "../native/to-query.ts";
import { commandPrincipal, secretOfPerson } from "./command-principal.ts";
import { runningServer } from "./running-server.ts";

export interface AskOptions {
  readonly json: boolean;
  readonly mode?: Mode;
  readonly consent: boolean;
  readonly thread?: string;
  readonly locale?: string;
}

type Outcome = { readonly reply: QueryReply } | { readonly refusal: string };

/** Exit code when privacy forbids an answer. */
const refusedCode = 3;

const Failure = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

const askServer = async (
  url: string,
  body: QueryRequest,
  settings: Settings,
  signal: AbortSignal,
): Promise<Outcome> => {
  const secret = await secretOfPerson(url, settings);
  const response = await fetch(`${url}/ai/query`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify(body),
    redirect: "error",
    signal,
  });
  const content: unknown = await response.json();
  if (response.ok) return { reply: QueryReply.parse(content) };
  const failure = Failure.safeParse(content);
  const message = failure.success ? failure.data.error.message : `The server at ${url} answered ${response.status}.`;
  if (response.status === 403) return { refusal: message };
  throw new AppError("UPSTREAM_UNAVAILABLE", message);
};

const askHere = async (body: QueryRequest, settings: Settings, signal: AbortSignal): Promise<Outcome> => {
  // Standard output is for the answer, so what start-up has to say stays away unless it was asked for.
  const level = settings.LOG_LEVEL === "info" ? "warn" : settings.LOG_LEVEL;
  const logger = createLogger({ level, secrets: secretValues(settings), to: 2 });
  const { compose } = await import("../compose.ts");
  const engine = await compose(settings, logger);
  try {
    const { engine: graph, clientProfiles } = engine.deps;
    const principal = commandPrincipal(settings, clientProfiles());
    const caller = { principal, requestId: randomUUID(), signal };
    const result = await graph.run({ ...toQueryInput(body, caller), surface: "cli" });
    return result.refused ? { refusal: result.answer } : { reply: toQueryReply(result) };
  } finally {
    await engine.close();
  }
};

/** The answer, then what is missing in it and where it comes from. */
const toText = ({ answer, degraded, evidence, thread_id }: QueryReply): string => {
  const sources = [...new Set(evidence.map(({ source, url }) => (url ? `${source} <${url}>` : source)))];
  return [
    answer,
    ...(degraded.length > 0 ? ["", ...degraded.map(({ part, reason }) => `! ${part}: ${reason}`)] : []),
    ...(sources.length > 0 ? ["", `Sources: ${sources.join(", ")}`] : []),
    `Thread: ${thread_id}`,
  ].join("\n");
};

/**
 * Asks one question and prints the answer; gives the exit code (3 when privacy forbids an answer).
 * A server at the settings' address is asked first, because it holds the data folder; else an engine is built here.
 * @throws {AppError} as the engine's, or with the server's own sentence.
 */
export const ask = async (question: string, options: AskOptions): Promise<number> => {
  const settings = settingsFromEnvironment();
  const parsed = QueryRequest.safeParse({
    text: question,
    mode: options.mode,
    consent: options.consent,
    thread_id: options.thread,
    locale: options.locale,
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError("INVALID_INPUT", `${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort(new AppError("CLIENT_CLOSED", "Stopped.")));
  const url = await runningServer(settings);
  const outcome = await (url
    ? askServer(url, parsed.data, settings, stopped.signal)
    : askHere(parsed.data, settings, stopped.signal));
  if ("refusal" in outcome) {
    process.stderr.write(`athena: ${outcome.refusal}\n`);
    return refusedCode;
  }
  process.stdout.write(`${options.json ? JSON.stringify(outcome.reply, null, 2) : toText(outcome.reply)}\n`);
  return 0;
};
