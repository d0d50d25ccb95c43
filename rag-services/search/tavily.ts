import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { SearchProvider } from "./provider.ts";
import { toResult } from "./to-result.ts";

const name = "Tavily";

const Result = z.object({ title: z.string(), url: z.string(), content: z.string().nullish() });
const Reply = z.object({ results: z.array(Result) });

/** Tavily's search; the key goes in a header. */
export const createTavily = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): SearchProvider => ({
  name,
  async search({ query, locale: _, ...request }) {
    const reply = await outbound({
      provider: name,
      url: providerUrl(settings.TAVILY_URL, "search"),
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: { query: query.slice(0, 400), max_results: 8, search_depth: "basic" },
      timeoutMs: attemptTimeoutMs,
      ...request,
    });
    return parseReply(Reply, reply, name).results.flatMap(({ content, ...page }) =>
      toResult({ ...page, snippet: content }),
    );
  },
});
