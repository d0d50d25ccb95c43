import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import { webAddress } from "../web-address.ts";
import type { Article, NewsProvider } from "./article.ts";

const name = "GDELT";

const languages: Readonly<Record<string, string>> = { en: "english", pl: "polish", uk: "ukrainian", he: "hebrew" };

const RawArticle = z.object({
  url: z.string(),
  title: z.string(),
  seendate: z.string(),
  domain: z.string(),
});
// Without a hit the reply is an empty object.
const Reply = z.union([z.object({ articles: z.array(RawArticle) }), z.strictObject({})]);

/** `20260801T093000Z` as ISO 8601. */
const seenAt = (stamp: string): string | undefined => {
  const iso = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** GDELT's list of articles of the world's press of the last week that speak of a topic: titles only, one query per 5 s. */
export const createGdelt = ({ settings, outbound }: { settings: Settings; outbound: Outbound }): NewsProvider => ({
  name,
  covers: ({ topic }) => topic !== undefined && queryOf(topic) !== "",
  async find({ topic = "" }, { locale, permit, signal }) {
    const language = languages[locale.slice(0, 2).toLowerCase()] ?? "english";
    const url = providerUrl(settings.GDELT_URL, "api/v2/doc/doc", {
      query: `${queryOf(topic)} sourcelang:${language}`,
      mode: "artlist",
      format: "json",
      maxrecords: 30,
      sort: "hybridrel",
      timespan: "1week",
    });
    const reply = await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs });
    // What it does not accept as a query it answers with a sentence and status 200.
    if (reply.status === 200 && /^(your |the specified |one or more )/i.test(reply.text))
      return { articles: [], degraded: [] };
    const found = parseReply(Reply, reply, name);
    const articles = "articles" in found ? found.articles : [];
    return { articles: articles.flatMap((article) => toArticle(article)), degraded: [] };
  },
});

/** Words that GDELT takes: it refuses short ones and reads marks as operators. */
const queryOf = (topic: string): string =>
  wordsOf(topic)
    .filter((word) => word.length > 2)
    .slice(0, 8)
    .join(" ");

const toArticle = ({ url, title, seendate, domain }: z.infer<typeof RawArticle>): Article[] => {
  const address = webAddress(url);
  const published = seenAt(seendate);
  // Titles come split at every mark: "Storm hits coast , thousands flee".
  const said = title
    .replace(/\s+([,.:;?!%)])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  if (address === undefined || said === "") return [];
  return [{ title: said, url: address, summary: "", source: domain, ...(published ? { published } : {}) }];
};
