import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { allThatAnswer } from "../all-that-answer.ts";
import { type FeedAddress, fetchFeed, namedFeeds } from "../feed-source.ts";
import { speaksOf } from "../match-words.ts";
import type { ServiceContext } from "../rag-service.ts";
import { readFeed } from "../read-feed.ts";
import type { Article, NewsProvider } from "./article.ts";
import { defaultFeeds } from "./default-feeds.ts";

const oldestMs = 14 * 86_400_000;

/** First of each list, then second of each: no newsroom drowns the others by writing more. */
const interleave = <Item>(lists: readonly (readonly Item[])[]): Item[] => {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
};

/** The feeds of `NEWS_FEEDS`, or of the locale: headlines in their own order, or the items that speak of a topic. */
export const createNewsFeeds = ({ settings, outbound }: { settings: Settings; outbound: Outbound }): NewsProvider => {
  const own = settings.NEWS_FEEDS && namedFeeds(settings.NEWS_FEEDS, "news feed");

  const read = async (feed: FeedAddress, context: ServiceContext): Promise<Article[]> => {
    const parsed = readFeed(await fetchFeed(outbound, feed, context));
    if (parsed === undefined) throw new AppError("UPSTREAM_UNAVAILABLE", `${feed.name} sent no feed.`);
    const source = own === undefined ? feed.name : parsed.title || feed.name;
    const oldest = context.now.getTime() - oldestMs;
    return parsed.entries
      .filter(({ published }) => published === undefined || published.getTime() > oldest)
      .map(({ title, url, summary, published }) => ({
        title,
        summary,
        source,
        ...(url === undefined ? {} : { url }),
        ...(published === undefined ? {} : { published: published.toISOString() }),
      }));
  };

  return {
    name: "news feeds",
    covers: () => true,
    async find({ topic }, context) {
      const feeds = own ?? defaultFeeds(context.locale);
      const { values, degraded } = await allThatAnswer(feeds, (feed) => read(feed, context), context);
      const articles = interleave(values);
      if (topic === undefined) return { articles, degraded };
      return { articles: articles.filter(({ title, summary }) => speaksOf(`${title} ${summary}`, topic)), degraded };
    },
  };
};
