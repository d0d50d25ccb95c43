import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import { holdDataFolder } from "../../platform/db/embedded/data-folder-lock.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../../platform/errors/error-codes.ts";
import { parseApiKeys } from "../api-keys.ts";
import { readEventStream, type StreamedEvent } from "../front/read-event-stream.ts";
import { runningServer } from "./running-server.ts";

/** A server that is asked with a key of the settings. */
export interface ServerOnDatabase {
  /** @throws {AppError} what the server answered, in its words; UPSTREAM_UNAVAILABLE */
  get<Reply>(path: string, reply: z.ZodType<Reply>): Promise<Reply>;
  /** As `get`; undefined where the server answers nothing. */
  post<Reply>(path: string, body: unknown, reply: z.ZodType<Reply>): Promise<Reply>;
  /** Server-sent events behind the one of an id, until the stream ends or breaks. @throws {AppError} as `get` */
  events(path: string, after: number, signal: AbortSignal): AsyncGenerator<StreamedEvent>;
}

const answerMs = 30_000;
const Failure = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

const toError = (url: string, status: number, content: unknown): AppError => {
  const { error } = Failure.safeParse(content).data ?? {};
  const code = error?.code?.toUpperCase() ?? "";
  const message = error?.message ?? `The server at ${url} answered ${status}.`;
  return new AppError(code in errorCodes ? (code as ErrorCode) : "UPSTREAM_UNAVAILABLE", message);
};

const forAdministrators = (url: string): AppError =>
  new AppError(
    "POLICY_DENIED",
    `The server at ${url} does this for administrators: start it with a key such as ops=SECRET:admin in ATHENA_API_KEYS, or stop it first.`,
  );

const parseText = (text: string): unknown => {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not one of ours: the status says what there is to say
  }
};

/** A server asked with a key, or none. `denied`: what is said of 403, else the server's own words. */
export const serverWith = (
  url: string,
  secret: string | undefined,
  denied?: (url: string) => AppError,
): ServerOnDatabase => {
  const authorization: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const failure = (status: number, content: unknown) =>
    status === 403 && denied ? denied(url) : toError(url, status, content);
  const away = (cause: unknown) =>
    new AppError("UPSTREAM_UNAVAILABLE", `The server at ${url} does not answer.`, { cause });
  const ask = async <Reply>(path: string, reply: z.ZodType<Reply>, request: RequestInit): Promise<Reply> => {
    const headers = { "content-type": "application/json", ...authorization };
    const signal = AbortSignal.timeout(answerMs);
    let status: number;
    let text: string;
    try {
      const response = await fetch(url + path, { ...request, headers, signal, redirect: "error" });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      throw away(cause);
    }
    const content = parseText(text);
    if (status >= 400) throw failure(status, content);
    const parsed = reply.safeParse(content);
    if (parsed.success) return parsed.data;
    throw new AppError("UPSTREAM_UNAVAILABLE", `The server at ${url} is of another version; stop it first.`);
  };
  return {
    get: (path, reply) => ask(path, reply, { method: "GET" }),
    post: (path, body, reply) => ask(path, reply, { method: "POST", body: JSON.stringify(body) }),
    async *events(path, after, signal) {
      const headers = { accept: "text/event-stream", "last-event-id": `${after}`, ...authorization };
      const response = await fetch(url + path, { headers, signal, redirect: "error" }).catch((cause: unknown) => {
        throw away(cause);
      });
      if (!response.ok) throw failure(response.status, parseText(await response.text()));
      if (response.body) yield* readEventStream(response.body);
    },
  };
};

/** A server as the settings describe it, asked for what administrators may with the key of one when they hold it. */
export const serverAt = (url: string, settings: Pick<Settings, "ATHENA_API_KEYS">): ServerOnDatabase => {
  const keys = parseApiKeys(settings.ATHENA_API_KEYS);
  const key = keys.find(({ principal }) => principal.roles.includes("admin")) ?? keys[0];
  return serverWith(url, key?.secret, forAdministrators);
};

const isHeld = async (dataDir: string): Promise<boolean> => {
  try {
    const letGo = await holdDataFolder(dataDir);
    letGo();
    return false;
  } catch {
    return true; // or it cannot be used at all, which opening it says better
  }
};

/** The running server that holds a folder; undefined: nobody holds it, or nobody answers where the settings say. */
export const serverHolding = async (folder: string, settings: Settings): Promise<ServerOnDatabase | undefined> => {
  if (!(await isHeld(folder))) return undefined;
  const url = await runningServer(settings);
  return url === undefined ? undefined : serverAt(url, settings);
};

/**
 * The running server through which alone the settings' database can be reached: the one that holds the embedded database.
 * Undefined: the database is free, or a PostgreSQL that many may use.
 */
export const serverOnDatabase = async (settings: Settings): Promise<ServerOnDatabase | undefined> =>
  settings.DATABASE_URL === undefined ? serverHolding(settings.ATHENA_DATA_DIR, settings) : undefined;
