import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** How a core behaves: as it should, late, failing, cutting answers off, answering what is none or too little, or refusing the key. */
export type CoreMode = "ok" | "slow" | "error" | "cut" | "garbage" | "other" | "few" | "refused";

export interface CoreServer {
  readonly url: string;
  mode: CoreMode;
  results: readonly { readonly id: string; readonly score: number }[];
  /** The model that it embeds with, and what that makes of a text; a text with `poison` in it is too long for it. */
  model: string;
  vectorOf: (text: string) => readonly number[];
  /** What it was asked to embed, question by question. */
  readonly embedded: readonly (readonly string[])[];
  /** Bodies of the searches so far. */
  readonly asked: readonly { readonly query: string; readonly scope_keys: readonly string[] }[];
  stop(): Promise<void>;
}

/** A core that answers searches with what a test puts into `results`, and embeds by `vectorOf`, on a free port, under a path. */
export const startCoreServer = async (path = ""): Promise<CoreServer> => {
  const asked: { query: string; scope_keys: string[] }[] = [];
  const embedded: string[][] = [];
  const http = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const embeds = request.url === `${path}/atlas/deep/embed`;
    if (!embeds && request.url !== `${path}/atlas/deep/search`) {
      response.writeHead(request.url === `${path}/healthz` ? 200 : 404).end();
      return;
    }
    const sent = JSON.parse(Buffer.concat(pieces).toString("utf8"));
    if (embeds) embedded.push(sent.texts);
    else asked.push(sent);
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (server.mode === "slow") await delay(5_000, undefined, { ref: false });
    if (server.mode === "error") return json(500, { error: { message: "boom", code: "internal" } });
    if (server.mode === "refused") return json(401, { error: { message: "no", code: "unauthenticated" } });
    if (server.mode === "garbage") return response.end("<html>{not json");
    if (server.mode === "other") return json(200, { results: [{ id: "../../etc", score: "high" }], model: 7 });
    const vectors = embeds ? sent.texts.map(server.vectorOf) : [];
    if (embeds && sent.texts.join().includes("poison")) {
      return json(400, { error: { message: "too long", code: "context_too_long" } });
    }
    const [, ...few] = vectors;
    const body = JSON.stringify(
      embeds
        ? { model: server.model, dimension: vectors[0].length, vectors: server.mode === "few" ? few : vectors }
        : { results: server.results, model: "athena-embed" },
    );
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    if (server.mode === "cut") response.write(body.slice(0, body.length / 2), () => response.destroy());
    else response.end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const server: CoreServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`,
    mode: "ok",
    results: [],
    model: "far/embedder",
    vectorOf: () => [1, 0],
    embedded,
    asked,
    async stop() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
  return server;
};
