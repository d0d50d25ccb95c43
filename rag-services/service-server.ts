import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { z } from "zod";
import type { ReceiptingPermit } from "../platform/egress/create-permit.ts";
import { EgressClass } from "../platform/egress/egress-class.ts";
import { isLoopbackHost } from "../platform/egress/is-loopback.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import { errorCodes } from "../platform/errors/error-codes.ts";
import { canonicalTimezone } from "../platform/language/intl-names.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { RagService } from "./rag-service.ts";

export interface ServeServiceOptions {
  readonly service: RagService;
  /** Loopback only: a service of its own knows no callers. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Pick<Metrics, "registry" | "serviceSeconds">;
  readonly logger: Logger;
}

export interface ServedService {
  readonly url: string;
  /** Stops listening and ends open requests. */
  close(): Promise<void>;
}

/** What a service's own server is asked. `egress` is the class of the query, which the server's outbound client obeys. */
export const ServiceQuery = z.object({
  slots: z.record(z.string(), z.unknown()),
  locale: z.string().min(2).max(35).default("en"),
  timezone: z.string().max(64).refine(canonicalTimezone, "expected an IANA time zone").default("UTC"),
  /** The query's own moment; default: when it arrives. */
  now: z.iso.datetime({ offset: true }).optional(),
  /** A query that lost its class or its mode on the way counts as confidential: slots may leave, sentences stay. */
  egress: EgressClass.default("local-only"),
  confidential: z.boolean().default(true),
});
export type ServiceQuery = z.infer<typeof ServiceQuery>;

const mostBodyBytes = 65_536;

/**
 * The permit of a query that another engine decided. That engine has looked for identifiers in the slots before it sent them
 * (`createRemoteService`), so nothing is left to conceal here; the class still says what may leave.
 */
const permitFor = ({ egress, confidential }: ServiceQuery): ReceiptingPermit => {
  const same = (text: string): string => text;
  return {
    class: egress,
    confidential,
    // The receipt is kept by the engine that asked; `egress` lets nothing out without one.
    receipt: [],
    record: () => undefined,
    prepare: async () => undefined,
    conceal: same,
    restore: same,
    restorer: () => ({ push: same, end: () => "" }),
  };
};

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Send the query as application/json.");
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > mostBodyBytes) throw new AppError("TOO_LARGE", `A query may have at most ${mostBodyBytes} bytes.`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "The body is not valid JSON.", { cause });
  }
};

const parseInput = <Schema extends z.ZodType>(schema: Schema, value: unknown, prefix: readonly string[]) => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = [...prefix, ...(issue?.path ?? [])].join(".");
  throw new AppError(
    "INVALID_INPUT",
    `${field || "body"}: ${issue?.message ?? "cannot be used"}`,
    field ? { field } : {},
  );
};

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
};

const sendError = (response: ServerResponse, error: unknown): void => {
  const known = isAppError(error) ? error : new AppError("INTERNAL", "The service failed.", { cause: error });
  const { status } = errorCodes[known.code];
  const type = status < 500 ? "invalid_request_error" : "server_error";
  const wait = known.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  send(
    response,
    status,
    { error: { message: known.message, type, param: known.field ?? null, code: known.code } },
    {
      ...(wait === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(wait))) }),
      // The rest of a body that is too large or of the wrong kind is not read.
      ...(status === 413 || status === 415 ? { connection: "close" } : {}),
    },
  );
};

/**
 * Serves one service over HTTP: `POST /query {slots, locale, timezone}` → `{evidence, degraded}`, `GET /health`,
 * `GET /metrics`. Errors are `{error: {message, type, param, code}}` with the code's status.
 * @throws {AppError} CONFIG_INVALID for an address other than loopback or a port that is taken.
 */
export const serveService = async (options: ServeServiceOptions): Promise<ServedService> => {
  const { service, host, port, metrics, logger } = options;
  if (!isLoopbackHost(host)) {
    throw new AppError(
      "CONFIG_INVALID",
      `The ${service.id} service has no identity check and listens on loopback only, not on ${host}.`,
    );
  }

  const query = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const hungUp = new AbortController();
    response.on("close", () => hungUp.abort(new AppError("CLIENT_CLOSED", "The caller left.")));
    let status = "ok";
    try {
      const asked = parseInput(ServiceQuery, await readJson(request), []);
      const slots = parseInput(service.slots, asked.slots, ["slots"]);
      const { locale, timezone } = asked;
      const now = asked.now === undefined ? new Date() : new Date(asked.now);
      const context = { signal: hungUp.signal, locale, timezone, now, permit: permitFor(asked) };
      const { evidence, degraded } = await service.query(slots, context);
      send(response, 200, { evidence, degraded });
    } catch (error) {
      status = isAppError(error) ? error.code.toLowerCase() : "internal";
      if (status === "internal") logger.error({ service: service.id, error }, "service failed");
      sendError(response, error);
    } finally {
      metrics.serviceSeconds.observe({ service: service.id, status }, (performance.now() - started) / 1_000);
    }
  };

  const routes: Record<string, { method: "GET" | "POST"; answer: (q: IncomingMessage, r: ServerResponse) => unknown }> =
    {
      "/query": { method: "POST", answer: query },
      "/health": {
        method: "GET",
        answer: (_, response) =>
          send(response, 200, { status: "ok", service: service.id, providers: service.providers }),
      },
      "/metrics": {
        method: "GET",
        answer: async (_, response) => {
          const text = await metrics.registry.metrics();
          response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text);
        },
      },
    };

  const server = createServer({ headersTimeout: 15_000, requestTimeout: 30_000 }, async (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    try {
      if (route === undefined) throw new AppError("NOT_FOUND", "There is no such path.");
      if (request.method !== route.method) {
        response.setHeader("allow", route.method);
        throw new AppError("METHOD_NOT_ALLOWED", `${path} takes ${route.method} only.`);
      }
      await route.answer(request, response);
    } catch (error) {
      sendError(response, error);
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new AppError("CONFIG_INVALID", `The ${service.id} service cannot listen on ${host}:${port}.`, { cause })),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  logger.info({ service: service.id, url }, "service listens");
  return {
    url,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
