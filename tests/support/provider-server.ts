import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { loadSettings, Settings } from "../../platform/config/settings.ts";

/** What the server answers to one path. */
export interface Reply {
  readonly status?: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Sends the head and half of the body, then drops the connection. */
  readonly cut?: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = Reply | ((request: ReceivedRequest) => Reply | Promise<Reply>);

/** A stand-in for public web APIs. */
export interface ProviderServer {
  readonly url: string;
  /** Every request since the last `reset`, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Paths that nobody scripted and that were asked for all the same (answered 501). */
  readonly unscripted: readonly string[];
  /** Scripts a path: exact, or everything below it when it ends in `*`. Later scripts win. */
  on(path: string, reply: Answer): void;
  /** Answers every path the same, whatever is scripted, until `reset` or `undefined`. */
  always(reply: Answer | undefined): void;
  /** Forgets requests and scripts. */
  reset(): void;
  close(): Promise<void>;
}

const write = async (response: ServerResponse, reply: Reply): Promise<void> => {
  if (reply.delayMs) await sleep(reply.delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  const isText = typeof reply.body === "string";
  const text = isText ? (reply.body as string) : JSON.stringify(reply.body ?? {});
  response.writeHead(reply.status ?? 200, {
    "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
    "content-length": Buffer.byteLength(text),
    ...reply.headers,
  });
  if (!reply.cut) return void response.end(text);
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
};

/** Starts a stand-in on a free loopback port. */
export const startProviderServer = async (): Promise<ProviderServer> => {
  let scripts: { readonly path: string; readonly reply: Answer }[] = [];
  let forAll: Answer | undefined;
  const requests: ReceivedRequest[] = [];
  const unscripted: string[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? "/", "http://local");
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const request: ReceivedRequest = {
      method: incoming.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(pieces).toString("utf8"),
    };
    requests.push(request);
    const script = scripts.find(({ path }) =>
      path.endsWith("*") ? url.pathname.startsWith(path.slice(0, -1)) : path === url.pathname,
    );
    const reply = forAll ?? script?.reply;
    if (reply === undefined) unscripted.push(url.pathname);
    const unknown: Reply = { status: 501, body: { error: `nobody scripted ${url.pathname}` } };
    await write(response, reply === undefined ? unknown : typeof reply === "function" ? await reply(request) : reply);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    unscripted,
    on: (path, reply) => void scripts.unshift({ path, reply }),
    always: (reply) => {
      forAll = reply;
    },
    reset: () => {
      scripts = [];
      forAll = undefined;
      requests.length = 0;
      unscripted.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/**
 * Settings with every provider's address pointing at the stand-in, each below a path of its own: `OPEN_METEO_URL` becomes
 * `{url}/open-meteo`, `MET_NORWAY_URL` `{url}/met-norway` and so on.
 */
export const settingsFor = (url: string, environment: Readonly<Record<string, string>> = {}): Settings => {
  const addresses = Object.keys(Settings.shape)
    .filter(
      (name) =>
        name.endsWith("_URL") &&
        !/^ATHENA_|^(DATABASE|CORE_DATABASE|REDIS|NATS|QDRANT|SEARXNG)_URL$|_BASE_URL$/.test(name),
    )
    .map((name) => [name, `${url}/${name.slice(0, -4).toLowerCase().replaceAll("_", "-")}`]);
  return loadSettings({ ...Object.fromEntries(addresses), ...environment });
};
