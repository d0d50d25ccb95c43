import { z } from "zod";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import { firstThatAnswers } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import type { Article, NewsProvider, NewsQuestion } from "./article.ts";
import { createNewsFeeds } from "./feeds.ts";
import { createGdelt } from "./gdelt.ts";
import { createNewsApi } from "./newsapi.ts";
import { type NewsData, publishedText, renderNews } from "./render.ts";

export const NewsSlots = z.object({
  topic: z.string().trim().max(200).optional().describe("What the news are to be about; none: the headlines"),
  place: z.string().trim().max(100).optional().describe("Where they are to be from"),
});
export type NewsSlots = z.infer<typeof NewsSlots>;

const mostArticles = 6;
const freshSeconds = 600;

/** The same story once, whoever tells it first: by its title's words and by its address. */
export const withoutRepeats = (articles: readonly Article[]): Article[] => {
  const seen = new Set<string>();
  return articles.filter(({ title, url }) => {
    const keys = [wordsOf(title).join(" "), ...(url === undefined ? [] : [url])];
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
};

/**
 * Headlines, or news about a topic or place.
 *
 * Feeds go first for headlines: the newsrooms' own order, no limits. For a topic NewsAPI goes first where it has the
 * language (it searches, while feeds hold only the last few dozen items), GDELT last: it gives titles only and takes one
 * query every five seconds.
 */
export const createNews = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<NewsSlots> => {
  const deps = { settings, outbound };
  const feeds = createNewsFeeds(deps);
  const newsApi = settings.NEWSAPI_API_KEY ? [createNewsApi(deps, settings.NEWSAPI_API_KEY)] : [];
  const gdelt = createGdelt(deps);
  const inOrder = ({ topic }: NewsQuestion): readonly NewsProvider[] =>
    topic === undefined ? [feeds, ...newsApi] : [...newsApi, feeds, gdelt];

  const toEvidence = (
    article: Article,
    index: number,
    topic: string | undefined,
    context: ServiceContext,
  ): FoundEvidence => {
    const { now, locale, timezone } = context;
    const data: NewsData = { ...article, ...(topic === undefined ? {} : { topic }) };
    const when = publishedText(article, locale, timezone);
    return {
      service: "news",
      title: article.title,
      text: [`${article.title} (${[article.source, when].filter(Boolean).join(", ")})`, article.summary]
        .filter(Boolean)
        .join(": "),
      data: { ...data },
      sourceName: article.source,
      ...(article.url === undefined ? {} : { sourceUrl: article.url }),
      observedAt: article.published ?? now.toISOString(),
      expiresAt: new Date(now.getTime() + freshSeconds * 1_000).toISOString(),
      score: Math.max(0.1, 1 - index * 0.1),
    };
  };

  return {
    id: "news",
    intents: ["news"],
    slots: NewsSlots,
    providers: inOrder({ topic: "any" }).map(({ name }) => name),
    async query(slots, context) {
      await checkSlots(context.permit, slots);
      const { locale } = context;
      const topic = [slots.topic, slots.place].filter(Boolean).join(" ") || undefined;
      const question: NewsQuestion = topic === undefined ? {} : { topic };
      const { value, degraded } = await firstThatAnswers(
        inOrder(question).filter((provider) => provider.covers(question, locale)),
        async (provider) => {
          const found = await provider.find(question, context);
          if (found.articles.length > 0) return found;
          const texts =
            topic === undefined
              ? { en: "There are no news at the moment.", pl: "W tej chwili nie ma wiadomości." }
              : { en: `I found no news about "${topic}".`, pl: `Nie znalazłem wiadomości na temat „${topic}”.` };
          throw new AppError("NOT_FOUND", phrase(locale, texts));
        },
        context,
      );
      const articles = withoutRepeats(value.articles).slice(0, mostArticles);
      return {
        evidence: articles.map((article, index) => toEvidence(article, index, topic, context)),
        degraded: [...degraded, ...value.degraded],
      };
    },
    render: renderNews,
  };
};
