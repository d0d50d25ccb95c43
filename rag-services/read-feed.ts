import { DomHandler, DomUtils, getFeed, Parser } from "htmlparser2";
import { htmlToText } from "./html-to-text.ts";
import { webAddress } from "./web-address.ts";

/** One item of an RSS, RDF or Atom feed; texts are plain. */
export interface FeedEntry {
  readonly title: string;
  readonly url: string | undefined;
  readonly summary: string;
  readonly published: Date | undefined;
  /** Where the item announces an event (RSS event module, xCal): its start and place as written. */
  readonly starts: string | undefined;
  readonly location: string | undefined;
}

export interface Feed {
  readonly title: string;
  readonly entries: readonly FeedEntry[];
}

type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number];

const mostNested = 100;
const mostEntries = 120;

/** Stops at a depth that no feed has: the parser's time grows with its square. */
class ShallowDom extends DomHandler {
  #depth = 0;
  override onopentag(...given: Parameters<DomHandler["onopentag"]>): void {
    this.#depth += 1;
    if (this.#depth > mostNested) throw new Error("nested too deeply");
    super.onopentag(...given);
  }
  override onclosetag(): void {
    this.#depth -= 1;
    super.onclosetag();
  }
}

const childText = (item: Element, names: readonly string[]): string | undefined => {
  for (const child of item.children) {
    if ("name" in child && names.includes(child.name.toLowerCase()))
      return DomUtils.textContent(child).trim() || undefined;
  }
  return undefined;
};

/**
 * Reads a feed: RSS 2.0, RSS 1.0 or Atom. Entities that a document declares itself are never expanded. Items without a
 * title are left out, at most 120 are read.
 * @returns undefined for anything that is no feed, is cut off or nests too deeply.
 */
export const readFeed = (xml: string): Feed | undefined => {
  if (!/<\/(rss|feed|rdf:RDF)\s*>/i.test(xml.slice(-2_000))) return undefined;
  const dom = new ShallowDom(undefined, { xmlMode: true });
  try {
    new Parser(dom, { xmlMode: true, decodeEntities: true }).end(xml);
  } catch {
    return undefined;
  }
  const feed = getFeed(dom.root.children);
  if (feed === null) return undefined;
  const names = feed.type === "atom" ? "entry" : "item";
  const elements = DomUtils.getElementsByTagName(names, dom.root.children, true, mostEntries);
  const entries = feed.items.slice(0, mostEntries).flatMap((item, index): FeedEntry[] => {
    const element = elements[index];
    const title = htmlToText(item.title ?? "", 300);
    if (title === "" || element === undefined) return [];
    const published = item.pubDate ?? parsedDate(childText(element, ["dc:date", "published"]));
    return [
      {
        title,
        url: webAddress(item.link),
        summary: htmlToText(item.description ?? childText(element, ["content:encoded"]) ?? "", 400),
        published: published && !Number.isNaN(published.getTime()) ? published : undefined,
        starts: childText(element, ["ev:startdate", "xcal:dtstart", "startdate"]),
        location: childText(element, ["ev:location", "xcal:location"]),
      },
    ];
  });
  return { title: htmlToText(feed.title ?? "", 120), entries };
};

const parsedDate = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
