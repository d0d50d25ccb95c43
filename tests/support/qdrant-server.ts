import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Filter, passes } from "./qdrant-filter.ts";

/** How the server behaves: as it should, late, failing, cutting answers off, or answering what is none. */
export type QdrantMode = "ok" | "slow" | "error" | "cut" | "garbage" | "other";

/** A local server that speaks the part of Qdrant's REST API that the stores use, with its envelopes and errors. */
export interface QdrantServer {
  readonly url: string;
  mode: QdrantMode;
  /** Requests so far: method and path. */
  readonly requests: readonly string[];
  /** Ids of the points of a collection; undefined: there is none. */
  points(collection: string): readonly string[] | undefined;
  collections(): readonly string[];
  /** Indexed payload fields of a collection. */
  indexes(collection: string): Readonly<Record<string, unknown>>;
  /** Points of a collection with their vectors of unit length; none where there is no collection. */
  stored(collection: string): readonly Point[];
  /** Upserts so far, and points that one wrote as they were already. */
  writes(): number;
  repeated(): number;
  /** Everything that it was ever sent. */
  readonly bodies: readonly string[];
  stop(): Promise<void>;
}

interface Point {
  readonly id: string | number;
  readonly vector: readonly number[];
  readonly payload: Record<string, unknown>;
}

interface Collection {
  readonly size: number;
  readonly points: Map<string | number, Point>;
  readonly indexes: Record<string, unknown>;
  version: number;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const PointId = z.union([z.uuid(), z.int().min(0)], {
  error: ({ input }) =>
    `value ${JSON.stringify(input)} is not a valid point ID, valid values are either an unsigned integer or a UUID`,
});
const Create = z.looseObject({
  vectors: z.object({ size: z.int().min(1).max(65_536), distance: z.enum(["Cosine"]) }),
});
const Index = z.object({
  field_name: z.string().min(1),
  field_schema: z.union([z.string(), z.looseObject({ type: z.string() })]),
});
const Upsert = z.object({
  points: z.array(
    z.object({
      id: PointId,
      vector: z.array(z.number()),
      payload: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
});
const Delete = z.union([z.object({ points: z.array(PointId) }), z.object({ filter: Filter })]);
const WithPayload = z.union([z.boolean(), z.array(z.string())]).nullish();
const Query = z.object({
  query: z.array(z.number()),
  limit: z.int().min(1).default(10),
  filter: Filter.nullish(),
  with_payload: WithPayload,
});
const Retrieve = z.object({ ids: z.array(PointId), with_payload: WithPayload });
const Aliases = z.object({
  actions: z.array(z.object({ create_alias: z.object({ collection_name: z.string(), alias_name: z.string() }) })),
});
const Count = z.object({ filter: Filter.nullish(), exact: z.boolean().nullish() });

const parse = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Refusal(400, `Format error in JSON body: ${path.join(".")}: ${message}`);
};

const normalised = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector);
  return vector.map((value) => (length > 0 ? value / length : 0));
};

const shown = (payload: Record<string, unknown>, wanted: z.infer<typeof WithPayload>) => {
  if (Array.isArray(wanted)) return Object.fromEntries(Object.entries(payload).filter(([key]) => wanted.includes(key)));
  return wanted ? payload : null;
};

const checkSize = (vector: readonly number[], { size }: Collection): void => {
  if (vector.length === size) return;
  throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`);
};

const updated = (collection: Collection) => {
  collection.version += 1;
  return { operation_id: collection.version, status: "completed" };
};

/** Starts a server on a free port; `apiKey`: requests without it are refused. */
export const startQdrantServer = async ({ apiKey }: { readonly apiKey?: string } = {}): Promise<QdrantServer> => {
  const collections = new Map<string, Collection>();
  /** Collections by their other names. */
  const aliases = new Map<string, string>();
  const requests: string[] = [];
  const bodies: string[] = [];
  let writes = 0;
  let repeated = 0;

  const known = (name: string): Collection => {
    const collection = collections.get(name);
    if (!collection) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return collection;
  };

  const onCollection = (method: string, name: string, body: unknown): unknown => {
    if (method === "PUT") {
      if (collections.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
      const { vectors } = parse(Create, body);
      collections.set(name, { size: vectors.size, points: new Map(), indexes: {}, version: 0 });
      return true;
    }
    if (method === "DELETE") {
      for (const [alias, collection] of aliases) if (collection === name) aliases.delete(alias);
      return collections.delete(name);
    }
    const { points, indexes, size } = known(name);
    return {
      status: "green",
      optimizer_status: "ok",
      indexed_vectors_count: 0,
      points_count: points.size,
      segments_count: 1,
      config: { params: { vectors: { size, distance: "Cosine" } } },
      payload_schema: Object.fromEntries(
        Object.entries(indexes).map(([field, params]) => [
          field,
          { data_type: (params as { type?: string }).type ?? params, params, points: points.size },
        ]),
      ),
    };
  };

  const onPoints = (method: string, name: string, rest: string, body: unknown): unknown => {
    const collection = known(name);
    const { points } = collection;
    switch (`${method} ${rest}`) {
      case "PUT index": {
        const { field_name, field_schema } = parse(Index, body);
        collection.indexes[field_name] = field_schema;
        return updated(collection);
      }
      case "PUT points": {
        const given = parse(Upsert, body).points;
        for (const { vector } of given) checkSize(vector, collection);
        writes += 1;
        for (const { id, vector, payload } of given) {
          const point = { id, vector: normalised(vector), payload: payload ?? {} };
          if (JSON.stringify(points.get(id)) === JSON.stringify(point)) repeated += 1;
          points.set(id, point);
        }
        return updated(collection);
      }
      case "POST points/delete": {
        const selector = parse(Delete, body);
        for (const point of [...points.values()]) {
          if ("points" in selector ? selector.points.includes(point.id) : passes(selector.filter, point)) {
            points.delete(point.id);
          }
        }
        return updated(collection);
      }
      case "POST points/count": {
        const { filter } = parse(Count, body);
        return { count: [...points.values()].filter((point) => passes(filter ?? {}, point)).length };
      }
      case "POST points": {
        const { ids, with_payload } = parse(Retrieve, body);
        return ids.flatMap((id) => {
          const point = points.get(id);
          return point ? [{ id, payload: shown(point.payload, with_payload ?? true) }] : [];
        });
      }
      case "POST points/query": {
        const { query, limit, filter, with_payload } = parse(Query, body);
        checkSize(query, collection);
        const asked = normalised(query);
        const found = [...points.values()]
          .filter((point) => passes(filter ?? {}, point))
          .map(({ id, vector, payload }) => ({
            id,
            version: collection.version,
            score: vector.reduce((sum, value, at) => sum + value * asked[at]!, 0),
            payload: shown(payload, with_payload),
          }));
        return { points: found.sort((one, other) => other.score - one.score).slice(0, limit) };
      }
      default:
        throw new Refusal(404, "");
    }
  };

  const answer = (method: string, path: string, body: unknown): unknown => {
    if (method === "GET" && path === "/collections") {
      return { collections: [...collections.keys()].map((name) => ({ name })) };
    }
    if (method === "GET" && path === "/aliases") {
      return { aliases: [...aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name })) };
    }
    if (method === "POST" && path === "/collections/aliases") {
      for (const { create_alias } of parse(Aliases, body).actions) {
        known(create_alias.collection_name);
        aliases.set(create_alias.alias_name, create_alias.collection_name);
      }
      return true;
    }
    const [, collection = "", rest] = /^\/collections\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (collection === "") throw new Refusal(404, "");
    const name = decodeURIComponent(collection);
    if (method === "GET" && rest === "exists") return { exists: collections.has(name) };
    return rest === undefined ? onCollection(method, name, body) : onPoints(method, name, rest, body);
  };

  const send = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const time = () => (performance.now() - started) / 1_000;
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const text = Buffer.concat(pieces).toString("utf8");
    const path = (request.url ?? "/").split("?")[0]!;
    requests.push(`${request.method} ${path}`);
    bodies.push(text);
    if (apiKey !== undefined && request.headers["api-key"] !== apiKey) {
      response.writeHead(401).end("Must provide an API key or an Authorization bearer token");
      return;
    }
    if (server.mode === "slow") await delay(2_000, undefined, { ref: false });
    if (server.mode === "error") {
      return send(response, 500, { status: { error: "Service internal error: task panicked" }, time: time() });
    }
    if (server.mode === "garbage") {
      response.writeHead(200, { "content-type": "application/json" }).end("<html>{not json");
      return;
    }
    if (server.mode === "other") {
      // JSON of the right envelope that holds what nobody stored.
      const points = [{ id: 1, version: 1, score: "high", payload: { metadata: { item: 7 } } }];
      return send(response, 200, { result: { points, collections: [], count: "many" }, status: "ok", time: time() });
    }
    try {
      const result = answer(request.method ?? "GET", path, text === "" ? undefined : JSON.parse(text));
      const body = JSON.stringify({ result, status: "ok", time: time() });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      if (server.mode === "cut") {
        response.write(body.slice(0, body.length / 2), () => response.destroy());
        return;
      }
      response.end(body);
    } catch (error) {
      const { status, message } =
        error instanceof Refusal ? error : new Refusal(400, "Format error in JSON body: syntax");
      send(response, status, { status: { error: message }, time: time() });
    }
  };

  const http = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const server: QdrantServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mode: "ok",
    requests,
    bodies,
    stored: (name) => [...(collections.get(name)?.points.values() ?? [])],
    writes: () => writes,
    repeated: () => repeated,
    collections: () => [...collections.keys()],
    points: (name) => {
      const collection = collections.get(name);
      return collection && [...collection.points.keys()].map(String);
    },
    indexes: (name) => collections.get(name)?.indexes ?? {},
    async stop() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
  return server;
};
