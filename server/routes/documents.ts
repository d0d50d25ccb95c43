import { z } from "zod";
import { createOpenApiDocument } from "../openapi.ts";
import { defineRoute, type Route } from "../route.ts";
import { toRoutesTable } from "../routes-table.ts";

/** GET /openapi.json and GET /docs: what can be called, made from the list of routes when first asked for. */
export const createDocumentsRoutes = (listRoutes: () => readonly Route[]): readonly Route[] => {
  let openApi: string | undefined;
  const common = { method: "get", surface: "operations", access: "public" } as const;
  return [
    defineRoute({
      ...common,
      path: "/openapi.json",
      summary: "This document.",
      replies: {
        200: {
          description: "OpenAPI 3.1.",
          content: { "application/json": z.looseObject({ openapi: z.string() }) },
        },
      },
      handle({ response }) {
        openApi ??= JSON.stringify(createOpenApiDocument(listRoutes()));
        response.setHeader("Content-Type", "application/json; charset=utf-8").end(openApi);
      },
    }),
    defineRoute({
      ...common,
      path: "/docs",
      summary: "The routes as a table.",
      replies: { 200: { description: "Markdown.", content: { "text/markdown": z.string() } } },
      handle({ response }) {
        response.setHeader("Content-Type", "text/markdown; charset=utf-8").end(toRoutesTable(listRoutes()));
      },
    }),
  ];
};
