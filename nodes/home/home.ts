/** One device or helper that the client lets an assistant see. */
export interface HomeEntity {
  /** What it is called, the home's own spelling first, then aliases. */
  readonly names: readonly string[];
  /** `light.kitchen_ceiling`, when the client tells it. */
  readonly id?: string;
  readonly domain: string;
  /** Name or id of its area. */
  readonly area?: string;
  readonly deviceClass?: string;
  readonly state?: string;
}

export interface HomeArea {
  readonly names: readonly string[];
  readonly id?: string;
  /** Name or id of its floor. */
  readonly floor?: string;
}

export interface HomeFloor {
  readonly names: readonly string[];
  readonly id?: string;
}

/** What a sentence about a home can speak of. Keep one value per home: its index is built once for each value. */
export interface Home {
  readonly entities: readonly HomeEntity[];
  readonly areas: readonly HomeArea[];
  readonly floors: readonly HomeFloor[];
}

/** What the speaker's device adds: where it stands. */
export interface HomeContext {
  readonly area?: string;
}

export type HomeSlots = Readonly<Record<string, string | number>>;

/**
 * An understood sentence, in Home Assistant's own intents and slots.
 * A name, area or floor is one of the home's own spellings: the one that was said where it was said, else the first.
 */
export interface HomeCommand {
  readonly kind: "command";
  readonly intent: string;
  readonly slots: HomeSlots;
  /** Whether carrying it out changes something. A question never does. */
  readonly effect: "read" | "write";
  /** From 0 to 1. */
  readonly confidence: number;
  /** The entities that the name slot means; several only when they share the name. */
  readonly entities: readonly HomeEntity[];
}

/**
 * A sentence about the home that must not be acted on as it stands.
 * - `target`: it is not clear what is meant · `value`: a number, colour or text is missing
 * - `question`: asked, not ordered, and not answerable here · `negated`, `conditional`: not an order for now
 */
export interface HomeUnclear {
  readonly kind: "unclear";
  readonly reason: "target" | "value" | "question" | "negated" | "conditional";
  /** Words that fitted nothing in the home, as written. */
  readonly unknown: readonly string[];
}

/** `undefined`: the sentence is not about the home. */
export type HomeReading = HomeCommand | HomeUnclear | undefined;
