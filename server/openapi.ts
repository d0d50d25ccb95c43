import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import type { Route } from "./route.ts";
import { version } from "./version.ts";

const OpenAiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
      expected_position: z.int().optional().describe("Of an append that does not fit: the thread's last position."),
    }),
    request_id: z.string(),
  })
  .meta({ id: "Error" });
const OllamaError = z.object({ error: z.string(), request_id: z.string() }).meta({ id: "OllamaError" });

/** What every failure's status means, wherever it can happen. */
const failures: Readonly<Record<number, string>> = {
  400: "The request is wrong; the field is named.",
  401: "No valid API key.",
  403: "Not allowed, or nothing may leave the process.",
  404: "Not found.",
  405: "Another method; see `Allow`.",
  409: "Conflicts with what is running.",
  413: "The body is too large.",
  415: "Another content type is needed.",
  422: "Understood and refused.",
  429: "Too many requests; see `Retry-After`.",
  500: "A bug.",
  501: "Not served or not configured.",
  502: "The provider refused.",
  503: "Not available now; see `Retry-After`.",
};

/** `/threads/:id` and `/v1/models/*id` as OpenAPI writes them. */
export const toOpenApiPath = (path: string): string => path.replace(/[:*](\w+)/g, "{$1}");

const parametersOf = (path: string) => {
  const names = [...path.matchAll(/[:*](\w+)/g)].map(([, name]) => name!);
  return names.length === 0 ? undefined : z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
};

/** The same object for the same failure: it is written once, under its id. */
const failureResponses = (prefix: string, schema: z.ZodType): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    Object.entries(failures).map(([status, description]) => [
      status,
      { id: `${prefix}${status}`, description, content: { "application/json": { schema } } },
    ]),
  );

const responsesOf = (route: Route, failing: ZodOpenApiResponsesObject): ZodOpenApiResponsesObject => {
  const answered = Object.entries(route.replies).map(([status, { description, content }]) => [
    status,
    content
      ? {
          description,
          content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
        }
      : (failing[status as "501"] ?? { description }),
  ]);
  return { ...failing, ...Object.fromEntries(answered) };
};

const operationOf = (route: Route, failing: ZodOpenApiResponsesObject): ZodOpenApiOperationObject => {
  const path = parametersOf(route.path);
  const requestParams = { ...(path && { path }), ...(route.query && { query: route.query }) };
  return {
    summary: route.summary,
    tags: [route.surface],
    security: route.access === "public" ? [] : [{ key: [] }],
    requestParams,
    ...(route.body && {
      requestBody: { required: !route.bodyIsOptional, content: { "application/json": { schema: route.body } } },
    }),
    responses: responsesOf(route, failing),
  };
};

/** The OpenAPI 3.1 document of the routes; aliases are left out, they are the same routes. */
export const createOpenApiDocument = (routes: readonly Route[]): ReturnType<typeof createDocument> => {
  const paths: ZodOpenApiPathsObject = {};
  const failing = failureResponses("Error", OpenAiError);
  const ollamaFailing = failureResponses("OllamaError", OllamaError);
  for (const route of routes) {
    const path = toOpenApiPath(route.path);
    paths[path] = {
      ...paths[path],
      [route.method]: operationOf(route, route.surface === "ollama" ? ollamaFailing : failing),
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Athena", version, description: "An assistant engine that answers from evidence." },
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    paths,
  });
};
