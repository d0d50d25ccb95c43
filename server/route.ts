import type { Request, Response } from "express";
import type { z } from "zod";
import type { Principal } from "../platform/policy/principal.ts";

/** Which client family a route serves: decides the error envelope. */
export type Surface = "openai" | "ollama" | "native" | "operations";

/** One authorised request with its parsed input. */
export interface Call<Body = unknown, Query = unknown> {
  readonly request: Request;
  readonly response: Response;
  readonly requestId: string;
  readonly principal: Principal;
  readonly body: Body;
  readonly query: Query;
}

/** What a route answers with one status, for the published document. */
export interface RouteReply {
  readonly description: string;
  /** Media type and schema; no entry: an empty or plain-text answer. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
}

/** One endpoint: what it takes, who may call it, what it answers, and the function that does it. */
export interface RouteDefinition<Body, Query> {
  readonly method: "get" | "post" | "patch" | "delete";
  /** Express pattern: `:name` is one segment, `*name` the rest of the path. */
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly surface: Surface;
  /** `public` needs no credentials, `core` the key of the deep core and no other. */
  readonly access: "public" | "key" | "core";
  readonly summary: string;
  /** Schema of the JSON body; without one the body is never read. */
  readonly body?: z.ZodType<Body>;
  /** Without a body it is `{}`; from programs (no `Origin`) with any content type, such as `curl -X POST -d` sends. */
  readonly bodyIsOptional?: boolean;
  readonly query?: z.ZodType<Query> & z.ZodObject;
  readonly replies: Readonly<Record<number, RouteReply>>;
  handle(call: Call<Body, Query>): Promise<void> | void;
}

export type Route = RouteDefinition<unknown, unknown>;

/** Infers the types of a route's input; the list of routes forgets them again. */
export const defineRoute = <Body = undefined, Query = undefined>(route: RouteDefinition<Body, Query>): Route =>
  Object.freeze(route) as unknown as Route;
