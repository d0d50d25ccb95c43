import type { Unit } from "./units.ts";

/** A number in a text: what it may be worth, how exactly it is given, its unit. */
export interface NumberQuantity {
  readonly kind: "number";
  /** One value for each way of reading its marks; signed as written. */
  readonly values: readonly number[];
  /** The size of its last given place: 0.1 for "21.4", 1000 for "12 thousand". */
  readonly step: number;
  readonly unit: Unit | undefined;
  /** "third", "21st". */
  readonly ordinal: boolean;
  /** Written in words. */
  readonly spelled: boolean;
  /** "about", "over", "nearly" and their like stand before it. */
  readonly approximate: boolean;
  /** 1 for "over" and its like before it, -1 for "under": the true value lies on that side. */
  readonly limit?: 1 | -1;
  /** The other number of a score or ratio such as "3–1", and which of the two this one is. */
  readonly pair?: { readonly other: number; readonly first: boolean };
  /** It names a part of a document ("section 6.1") and counts nothing. */
  readonly isReference?: true;
  /** Day and month when it may be read as such ("28.11"). */
  readonly dayMonth?: { readonly day: number; readonly month: number };
}

/** A day: what of it is told. Either the parts of a date, or days from today. */
export interface DateQuantity {
  readonly kind: "date";
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  /** 0 is Sunday. */
  readonly weekday?: number;
  readonly relative?: number;
  /** Both readings of 03/04/2026. */
  readonly swappable?: boolean;
}

/** A time of day. */
export interface ClockQuantity {
  readonly kind: "clock";
  /** Minutes after midnight, one for each reading ("half past three" is at night or after noon). */
  readonly minutes: readonly number[];
  /** Minutes from UTC when the text says so. */
  readonly offset: number | undefined;
  readonly approximate: boolean;
}

export type Quantity = (NumberQuantity | DateQuantity | ClockQuantity) & {
  readonly written: string;
  /** First token, and the one after the last. */
  readonly from: number;
  readonly to: number;
};
