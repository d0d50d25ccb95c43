import { createOpenApiDocument } from "./openapi.ts";
import { describedRoutes } from "./routes/route-list.ts";
import { toRoutesTable } from "./routes-table.ts";

/** The pages that are made from the list of routes, by their paths: a test keeps the files equal. */
export const serverDocuments = (): Readonly<Record<string, string>> => {
  const routes = describedRoutes();
  return {
    "docs/routes.md": toRoutesTable(routes),
    "docs/openapi.json": `${JSON.stringify(createOpenApiDocument(routes), undefined, 2)}\n`,
  };
};
