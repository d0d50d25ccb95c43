import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../http/is-loopback-host.ts";

export interface HandshakeRules {
  /** Without keys everybody is the local user: then only this machine may come. */
  readonly anonymous: boolean;
  /** Origins of pages that may connect, beside pages of this server's own; `*`: any. */
  readonly origins: readonly string[];
}

const hostNameOf = (authority: string): string => URL.parse(`http://${authority}`)?.hostname ?? "";

/**
 * Why a handshake is refused (a sentence), or undefined. Browsers open WebSockets to anywhere without asking: a page may come
 * from this server's own host, from this machine, or from a listed origin. Clients that are no browser send no Origin.
 */
export const judgeHandshake = (
  { headers, headersDistinct }: Pick<IncomingMessage, "headers" | "headersDistinct">,
  { anonymous, origins }: HandshakeRules,
): string | undefined => {
  const { host, origin } = headers;
  if (host === undefined || (headersDistinct.host?.length ?? 0) > 1) return "The request needs one Host header.";
  if (anonymous && !isLoopbackHost(hostNameOf(host))) {
    return "Without ATHENA_API_KEYS only requests to localhost are answered.";
  }
  if (origin === undefined || origins.includes(origin) || (!anonymous && origins.includes("*"))) return undefined;
  const page = URL.parse(origin);
  const isOwn = page !== null && (page.host === host || (anonymous && isLoopbackHost(page.hostname)));
  return isOwn ? undefined : "Pages of this origin may not connect. List it in ATHENA_CORS_ORIGINS to allow it.";
};
