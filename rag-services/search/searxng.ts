import { z } from "zod";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { SearchProvider } from "./provider.ts";
import { toResult } from "./to-result.ts";

const name = "SearXNG";

const Result = z.object({
  url: z.string(),
  title: z.string(),
  content: z.string().nullish(),
  publishedDate: z.string().nullish(),
});
const Reply = z.object({ results: z.array(Result), unresponsive_engines: z.array(z.unknown()).optional() });

/**
 * A SearXNG instance (its settings must allow the format `json`). It hands the words on to public engines, so wherever it
 * runs it is never a local destination.
 */
export const createSearxng = (outbound: Outbound, address: string): SearchProvider => ({
  name,
  async search({ query, locale, ...request }) {
    const url = providerUrl(address, "search", { q: query, format: "json", language: locale, safesearch: 1 });
    const reply = await outbound({ provider: name, url, timeoutMs: attemptTimeoutMs, ...request });
    const { results, unresponsive_engines: silent = [] } = parseReply(Reply, reply, name);
    if (results.length === 0 && silent.length > 0) {
      throw new AppError("UPSTREAM_UNAVAILABLE", `${name} could not reach its engines.`);
    }
    return results.flatMap(({ content, publishedDate, ...page }) =>
      toResult({ ...page, snippet: content, published: publishedDate }),
    );
  },
});
