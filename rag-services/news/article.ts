import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { ServiceContext } from "../rag-service.ts";

/** One piece of news. */
export interface Article {
  readonly title: string;
  readonly url?: string;
  /** Plain text; may be empty. */
  readonly summary: string;
  /** ISO 8601, UTC. */
  readonly published?: string;
  /** Who published it, and the collection that it was found in where its terms ask for that. */
  readonly source: string;
}

export interface NewsQuestion {
  /** What the news are to be about; undefined: the headlines. */
  readonly topic?: string;
}

export interface FoundArticles {
  readonly articles: readonly Article[];
  readonly degraded: readonly Degraded[];
}

/** A source of news. */
export interface NewsProvider {
  readonly name: string;
  covers(question: NewsQuestion, locale: string): boolean;
  /** Articles, best first, perhaps none. @throws {AppError} UPSTREAM_UNAVAILABLE */
  find(question: NewsQuestion, context: ServiceContext): Promise<FoundArticles>;
}
