import type { Outbound } from "../platform/egress/outbound.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { attemptTimeoutMs, expectOk } from "./provider.ts";
import type { ServiceContext } from "./rag-service.ts";

/** A feed by setting or default. */
export interface FeedAddress {
  /** For the user, metrics and breaker; never the whole address. */
  readonly name: string;
  readonly url: string;
}

const mostBytes = 2 * 1024 * 1024;

/** Addresses of a setting with names to speak of them: the host, where it is a name; numbered when it comes again. */
export const namedFeeds = (urls: readonly string[], what: string): readonly FeedAddress[] => {
  const hosts = urls.map((url) => URL.parse(url)?.hostname.replace(/^www\./, "") ?? "");
  return urls.map((url, index) => {
    const host = hosts[index] ?? "";
    const isName = /\.[a-z]{2,}$/i.test(host) && hosts.indexOf(host) === index;
    return { name: isName ? host : `${what} ${index + 1}`, url };
  });
};

/**
 * The text of a feed.
 * @throws {AppError} UPSTREAM_UNAVAILABLE, EGRESS_BLOCKED.
 */
export const fetchFeed = async (
  outbound: Outbound,
  { name, url }: FeedAddress,
  { permit, signal }: ServiceContext,
): Promise<string> => {
  const address = URL.parse(url.replace(/^webcal:/, "https:"));
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new AppError("UPSTREAM_UNAVAILABLE", `${name} has no address that can be used.`, { retryable: false });
  }
  const reply = await outbound({
    provider: name,
    url: address,
    headers: { accept: "application/rss+xml, application/atom+xml, text/calendar, application/xml;q=0.9, */*;q=0.5" },
    content: "none", // the same address whatever was asked
    permit,
    signal,
    timeoutMs: attemptTimeoutMs,
    maxBytes: mostBytes,
  });
  if (reply.status === 404) throw new AppError("UPSTREAM_UNAVAILABLE", `${name} is gone.`, { retryable: false });
  return expectOk(reply, name);
};
