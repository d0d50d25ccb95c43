import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { SearchProvider } from "./provider.ts";
import { toResult } from "./to-result.ts";

const name = "Brave Search";

const Result = z.object({
  title: z.string(),
  url: z.string(),
  description: z.string().nullish(),
  page_age: z.string().nullish(),
});
// Without hits the part `web` is missing.
const Reply = z.object({ type: z.literal("search"), web: z.object({ results: z.array(Result) }).optional() });

/** Brave's search API; the key goes in a header. */
export const createBrave = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): SearchProvider => ({
  name,
  async search({ query, locale, ...request }) {
    const language = /^(en|pl|uk|he)\b/i.exec(locale)?.[0].toLowerCase(); // an unknown language is refused with 422
    // The API takes at most 400 characters.
    const parameters = { q: query.slice(0, 400), count: 10, search_lang: language, safesearch: "moderate" };
    const reply = await outbound({
      provider: name,
      url: providerUrl(settings.BRAVE_URL, "res/v1/web/search", parameters),
      headers: { "X-Subscription-Token": key },
      timeoutMs: attemptTimeoutMs,
      ...request,
    });
    const { web } = parseReply(Reply, reply, name);
    return (web?.results ?? []).flatMap(({ description, page_age, ...page }) =>
      toResult({ ...page, snippet: description, published: page_age }),
    );
  },
});
