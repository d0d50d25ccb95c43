import type { RequestHandler } from "express";
import { AppError } from "../../platform/errors/app-error.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";

const hostNameOf = (authority: string): string => {
  const port = /:\d*$/.exec(authority);
  return port === null || authority.endsWith("]") ? authority : authority.slice(0, port.index);
};

const isLoopbackOrigin = (origin: string): boolean => {
  const parsed = URL.parse(origin);
  return parsed !== null && isLoopbackHost(parsed.hostname);
};

/**
 * Refuses two Host headers. Without identity it also refuses a Host that is not this machine (a foreign name made to
 * resolve to loopback) and a page of a foreign origin, unless listed: both would act as the local user.
 */
export const createGuardHost = ({
  anonymous,
  origins,
}: {
  readonly anonymous: boolean;
  readonly origins: readonly string[];
}): RequestHandler => {
  const allowed = new Set(origins);
  const localHosts = new Set<string>(); // few distinct values in practice; bounded below
  const isLocal = (authority: string): boolean => {
    if (localHosts.has(authority)) return true;
    if (!isLoopbackHost(hostNameOf(authority))) return false;
    if (localHosts.size < 100) localHosts.add(authority);
    return true;
  };
  return function guardHost(request, response, next) {
    let hosts = 0;
    const { rawHeaders } = request;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!;
      if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
    }
    if (hosts > 1) {
      response.setHeader("Connection", "close");
      throw new AppError("INVALID_INPUT", "The request has more than one Host header.", { field: "Host" });
    }
    if (!anonymous) return next();
    const { host, origin } = request.headers;
    if (host !== undefined && !isLocal(host)) {
      throw new AppError(
        "POLICY_DENIED",
        "Without ATHENA_API_KEYS only requests to localhost are answered; the Host header names another machine.",
      );
    }
    if (origin !== undefined && !allowed.has(origin) && !isLoopbackOrigin(origin)) {
      throw new AppError(
        "POLICY_DENIED",
        "Pages of this origin may not call. List it in ATHENA_CORS_ORIGINS to allow it.",
      );
    }
    next();
  };
};
