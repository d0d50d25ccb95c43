import type { FeedAddress } from "../feed-source.ts";

/** Public feeds of well-known newsrooms, by language; `NEWS_FEEDS` replaces them. */
const feeds: Readonly<Record<string, readonly FeedAddress[]>> = {
  en: [
    { name: "BBC News", url: "https://feeds.bbci.co.uk/news/world/rss.xml" },
    { name: "The Guardian", url: "https://www.theguardian.com/world/rss" },
    { name: "NPR", url: "https://feeds.npr.org/1001/rss.xml" },
  ],
  pl: [
    { name: "TVN24", url: "https://tvn24.pl/najnowsze.xml" },
    { name: "Polsat News", url: "https://www.polsatnews.pl/rss/wszystkie.xml" },
    { name: "RMF24", url: "https://www.rmf24.pl/fakty/feed" },
  ],
  uk: [
    { name: "Українська правда", url: "https://www.pravda.com.ua/rss/" },
    { name: "BBC News Україна", url: "https://feeds.bbci.co.uk/ukrainian/rss.xml" },
    { name: "УНІАН", url: "https://rss.unian.net/site/news_ukr.rss" },
  ],
  he: [
    { name: "ynet", url: "https://www.ynet.co.il/Integration/StoryRss2.xml" },
    { name: "וואלה", url: "https://rss.walla.co.il/feed/1" },
  ],
};

/** The feeds of a locale's language, the English ones where we know none. */
export const defaultFeeds = (locale: string): readonly FeedAddress[] =>
  feeds[locale.slice(0, 2).toLowerCase()] ?? feeds.en ?? [];
