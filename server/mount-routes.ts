import { type Request, type RequestHandler, Router } from "express";
import { AppError } from "../platform/errors/app-error.ts";
import type { Principal } from "../platform/policy/principal.ts";
import type { Identify } from "./clients/identify.ts";
import { exchangeOf } from "./http/exchange.ts";
import { parseInput } from "./http/parse-input.ts";
import { readJsonBody } from "./http/read-body.ts";
import type { Route } from "./route.ts";

export interface MountDeps {
  readonly identify: Identify;
  /** Checks the deep core's key. */
  readonly identifyCore: Identify;
  readonly maxBodyBytes: number;
}

/** Public routes know nobody: no roles, so nothing can be done in this name by mistake. */
const nobody: Principal = Object.freeze({ id: "anonymous", roles: [], profile: "openai" });

const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;

const createHandler = (route: Route, { identify, identifyCore, maxBodyBytes }: MountDeps): RequestHandler =>
  async function handleRoute(request, response) {
    const exchange = exchangeOf(response);
    exchange.surface = route.surface;
    exchange.routePath = route.path;
    const principal =
      route.access === "public" ? nobody : await (route.access === "core" ? identifyCore : identify)(request.headers);
    const query = route.query && parseInput(route.query, request.query);
    let body: unknown;
    if (route.body !== undefined) {
      const { surface, bodyIsOptional = false } = route;
      const lenientType = (surface === "ollama" || bodyIsOptional) && request.headers.origin === undefined;
      const given =
        bodyIsOptional && !hasBody(request) ? {} : await readJsonBody(request, { limit: maxBodyBytes, lenientType });
      body = parseInput(route.body, given);
    }
    await route.handle({ request, response, requestId: exchange.requestId, principal, body, query });
  };

const allowOf = (routes: readonly Route[]): string =>
  routes
    .flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]))
    .sort()
    .join(", ");

const refuseMethod = (routes: readonly Route[]): RequestHandler => {
  const allow = allowOf(routes);
  return function refuseMethod(request, response) {
    const [{ surface, path }] = routes as [Route];
    Object.assign(exchangeOf(response), { surface, routePath: path });
    response.setHeader("Allow", allow);
    throw new AppError("METHOD_NOT_ALLOWED", `This route does not take ${request.method}; it takes ${allow}.`);
  };
};

/**
 * Puts the list of routes on a router: identity, then query and body by their schemas, then the route's own function.
 * A path of the list with another method is 405 with `Allow`.
 */
export const createRouter = (
  routes: readonly Route[],
  deps: MountDeps,
): { readonly router: Router; readonly isOllamaPath: (path: string) => boolean } => {
  const router = Router({ caseSensitive: true, strict: true });
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, onPath] of byPath) {
    const mounted = router.route([path, ...new Set(onPath.flatMap(({ aliases }) => aliases ?? []))]);
    for (const route of onPath) mounted[route.method](createHandler(route, deps));
    mounted.all(refuseMethod(onPath));
  }
  const ollamaPaths = new Set(routes.filter(({ surface }) => surface === "ollama").map(({ path }) => path));
  return { router, isOllamaPath: (path) => ollamaPaths.has(path) };
};
