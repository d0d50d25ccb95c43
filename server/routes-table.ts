import { toOpenApiPath } from "./openapi.ts";
import type { Route } from "./route.ts";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The table of routes in `docs/routes.md`, which a test keeps equal: path, surface, who may call, what it does. */
export const toRoutesTable = (routes: readonly Route[]): string =>
  [
    "# Routes",
    "",
    "Made from `server/routes/route-list.ts`; `npm run docs` writes it again. `public` needs no key, `core` that of the deep core.",
    "",
    row(["Method", "Path", "Also", "Surface", "Access", "What it does"]),
    row(["---", "---", "---", "---", "---", "---"]),
    ...routes.map(({ method, path, aliases = [], surface, access, summary }) =>
      row([
        method.toUpperCase(),
        `\`${toOpenApiPath(path)}\``,
        aliases.map((alias) => `\`${toOpenApiPath(alias)}\``).join(", "),
        surface,
        access,
        summary.replaceAll("|", "\\|"),
      ]),
    ),
    "",
  ].join("\n");
