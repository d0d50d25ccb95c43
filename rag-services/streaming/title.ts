import type { ServiceContext } from "../rag-service.ts";

export interface Episode {
  readonly season: number;
  readonly number?: number;
  readonly name: string;
  /** ISO 8601, UTC; absent when only the day is known. */
  readonly airsAt?: string;
  /** `yyyy-mm-dd` where it airs. */
  readonly day: string;
}

/** Where a title can be watched, by the way of paying. */
export interface Offer {
  readonly way: "subscription" | "free" | "ads" | "rent" | "buy" | "channel";
  readonly names: readonly string[];
}

/** A series or film as one source knows it; absent facts are unknown there. */
export interface Title {
  readonly id: string;
  readonly name: string;
  readonly kind: "series" | "film";
  readonly year?: number;
  /** Plain text, in the language of `language`. */
  readonly summary?: string;
  readonly genres?: readonly string[];
  /** "ended", "running": whether episodes are still to come. */
  readonly status?: "running" | "ended" | "planned";
  /** Day of the first showing (`yyyy-mm-dd`). */
  readonly released?: string;
  readonly next?: Episode;
  readonly last?: Episode;
  readonly seasons?: number;
  readonly episodes?: number;
  /** Who plays whom, the leading parts first. */
  readonly cast?: readonly { readonly actor: string; readonly role: string }[];
  /** `offers` hold for this country (ISO 3166-1 alpha-2). */
  readonly country?: string;
  readonly offers?: readonly Offer[];
  readonly url: string;
  /** Others of the same name, for the user to know of the choice. */
  readonly alternatives: readonly string[];
}

/** One showing of a day's schedule. */
export interface Showing {
  readonly id: string;
  readonly series: string;
  readonly episode: Episode;
  readonly channel: string;
  readonly url: string;
}

export type TitleAspect = "where" | "when" | "about" | "cast" | "episodes";

export interface TitleQuestion {
  readonly title: string;
  readonly aspect: TitleAspect;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A source of titles. */
export interface TitleProvider {
  readonly name: string;
  /** As its terms ask for it to be named. */
  readonly credit: string;
  /** @throws {AppError} NOT_FOUND for a title, or what is asked of it, that it does not know; UPSTREAM_UNAVAILABLE. */
  title(question: TitleQuestion, context: ServiceContext): Promise<Title>;
}
