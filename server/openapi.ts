import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import type { Route, Surface } from "./route.ts";
import { version } from "./version.ts";

const OpenAiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
    request_id: z.string(),
  })
  .meta({ id: "Error" });
const OllamaError = z.object({ error: z.string(), request_id: z.string() }).meta({ id: "OllamaError" });

const errorSchemas = {
  openai: OpenAiError,
  ollama: OllamaError,
  native: OpenAiError,
  operations: OpenAiError,
} as const satisfies Record<Surface, z.ZodType>;

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

const responsesOf = (route: Route): ZodOpenApiResponsesObject => {
  const content = { "application/json": { schema: errorSchemas[route.surface] } };
  const failing = Object.entries(failures).map(([status, description]) => [status, { description, content }]);
  const answered = Object.entries(route.replies).map(([status, reply]) => [
    status,
    {
      description: reply.description,
      content: reply.content
        ? Object.fromEntries(Object.entries(reply.content).map(([type, schema]) => [type, { schema }]))
        : content,
    },
  ]);
  return Object.fromEntries([...failing, ...answered]);
};

const operationOf = (route: Route): ZodOpenApiOperationObject => {
  const path = parametersOf(route.path);
  const requestParams = { ...(path && { path }), ...(route.query && { query: route.query }) };
  return {
    summary: route.summary,
    tags: [route.surface],
    security: route.access === "public" ? [] : [{ key: [] }],
    requestParams,
    ...(route.body && { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }),
    responses: responsesOf(route),
  };
};

/** The OpenAPI 3.1 document of the routes; aliases are left out, they are the same routes. */
export const createOpenApiDocument = (routes: readonly Route[]): ReturnType<typeof createDocument> => {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = toOpenApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Athena", version, description: "An assistant engine that answers from evidence." },
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    paths,
  });
};
