import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { htmlToText } from "../html-to-text.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import { webAddress } from "../web-address.ts";
import type { Article, NewsProvider } from "./article.ts";

const name = "NewsAPI";

const RawArticle = z.object({
  source: z.object({ name: z.string().nullish() }),
  title: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  publishedAt: z.string().nullish(),
});
const Reply = z.object({ status: z.literal("ok"), articles: z.array(RawArticle) });

const languageOf = (locale: string): string | undefined => /^(en|he)\b/i.exec(locale)?.[0].toLowerCase();

const toArticle = ({ source, title, description, url, publishedAt }: z.infer<typeof RawArticle>): Article[] => {
  const said = htmlToText(title ?? "", 300);
  if (said === "" || said === "[Removed]") return [];
  const published = new Date(publishedAt ?? Number.NaN);
  const address = webAddress(url);
  return [
    {
      title: said,
      summary: htmlToText(description ?? "", 400),
      source: `${source.name || "?"} (via NewsAPI.org)`,
      ...(address === undefined ? {} : { url: address }),
      ...(Number.isNaN(published.getTime()) ? {} : { published: published.toISOString() }),
    },
  ];
};

/** NewsAPI in the languages that it knows of ours (English, Hebrew); the key goes in a header. */
export const createNewsApi = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): NewsProvider => ({
  name,
  covers: (_, locale) => languageOf(locale) !== undefined,
  async find({ topic }, { locale, permit, signal }) {
    const language = languageOf(locale);
    const url =
      topic === undefined
        ? providerUrl(settings.NEWSAPI_URL, "v2/top-headlines", { language, pageSize: 20 })
        : providerUrl(settings.NEWSAPI_URL, "v2/everything", {
            q: topic,
            language,
            sortBy: "publishedAt",
            pageSize: 20,
          });
    const headers = { "X-Api-Key": key };
    const reply = await outbound({ provider: name, url, headers, permit, signal, timeoutMs: attemptTimeoutMs });
    return { articles: parseReply(Reply, reply, name).articles.flatMap(toArticle), degraded: [] };
  },
});
