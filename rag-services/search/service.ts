import { z } from "zod";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { createBrave } from "./brave.ts";
import type { SearchProvider, SearchQuestion } from "./provider.ts";
import { renderSearch, type SearchData } from "./render.ts";
import { createSearxng } from "./searxng.ts";
import { createTavily } from "./tavily.ts";

export const SearchSlots = z.object({
  query: z.string().trim().max(2_000).optional().describe("What to search the web for"),
});
export type SearchSlots = z.infer<typeof SearchSlots>;

const mostResults = 6;
const freshSeconds = 1_800;

/**
 * The words as they may leave, and what they are to the one who decides. They are the user's own sentence, so egress holds
 * them in every class but `full`; in `sanitized` what leaves is the sentence without its identifiers.
 */
const outgoing = async (
  query: string,
  permit: ServiceContext["permit"],
): Promise<Pick<SearchQuestion, "query" | "content">> => {
  if (permit.class !== "sanitized") return { query, content: "sentence" };
  await permit.prepare([query]);
  return { query: permit.conceal(query), content: "slots" };
};

/**
 * Web search by the engines that the operator set.
 *
 * A SearXNG instance goes first: it is the operator's own choice of engines and costs nothing per query; the keyed engines
 * take over when it cannot be reached.
 */
export const createSearch = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<SearchSlots> => {
  const deps = { settings, outbound };
  const providers: readonly SearchProvider[] = [
    ...(settings.SEARXNG_URL ? [createSearxng(outbound, settings.SEARXNG_URL)] : []),
    ...(settings.BRAVE_API_KEY ? [createBrave(deps, settings.BRAVE_API_KEY)] : []),
    ...(settings.TAVILY_API_KEY ? [createTavily(deps, settings.TAVILY_API_KEY)] : []),
  ];

  return {
    id: "search",
    intents: ["web_search"],
    slots: SearchSlots,
    providers: providers.map(({ name }) => name),
    async query({ query }, context) {
      const { locale, permit, signal, now } = context;
      if (!query) {
        throw slotError("query", locale, {
          en: "What should I search the web for?",
          pl: "Czego mam poszukać w sieci?",
        });
      }
      if (providers.length === 0) {
        throw new AppError(
          "NOT_CONFIGURED",
          phrase(locale, {
            en: "Web search is not set up: the operator can set SEARXNG_URL, BRAVE_API_KEY or TAVILY_API_KEY.",
            pl: "Wyszukiwanie w sieci nie jest skonfigurowane: administrator może ustawić SEARXNG_URL, BRAVE_API_KEY lub TAVILY_API_KEY.",
          }),
        );
      }
      const question: SearchQuestion = { ...(await outgoing(query, permit)), locale, permit, signal };
      const { value, provider, degraded } = await firstThatAnswers(
        providers,
        async (candidate) => {
          const results = await candidate.search(question);
          if (results.length > 0) return results;
          const texts = { en: "The web search found nothing.", pl: "Wyszukiwanie w sieci nic nie znalazło." };
          throw new AppError("NOT_FOUND", phrase(locale, texts));
        },
        context,
      ).catch((error: unknown) => {
        if (!isAppError(error, "EGRESS_BLOCKED")) throw error;
        const texts = {
          en: "A web search would send your words to a search engine, which this conversation's privacy does not allow.",
          pl: "Wyszukiwanie w sieci wysłałoby Twoje słowa do wyszukiwarki, na co prywatność tej rozmowy nie pozwala.",
        };
        throw new AppError("EGRESS_BLOCKED", phrase(locale, texts), { cause: error });
      });
      const evidence = value.slice(0, mostResults).map((result, index): FoundEvidence => {
        const site = new URL(result.url).hostname.replace(/^www\./, "");
        const data: SearchData = { ...result, site, engine: provider.name };
        return {
          service: "search",
          title: result.title,
          text: [result.title, result.snippet].filter(Boolean).join(": "),
          data: { ...data },
          sourceName: site,
          sourceUrl: result.url,
          observedAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + freshSeconds * 1_000).toISOString(),
          score: Math.max(0.1, 1 - index * 0.1),
        };
      });
      return { evidence, degraded };
    },
    render: renderSearch,
  };
};
