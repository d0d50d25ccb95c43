import type { Atom, Labels } from "./bind.ts";

/** Something that is so: a figure, time, day or state with what it is said of. */
export interface Fact {
  readonly atom: Atom;
  /** Closest names; `all` has those of everything around it as well. */
  readonly all: ReadonlySet<string>;
  readonly labels: Labels;
  readonly from: "data" | "text" | "said" | "action";
  /** Which piece of evidence it is from; -1 for none. */
  readonly item: number;
  /** A change rather than a level: its sign is told by "rose" and "fell". */
  readonly isChange: boolean;
  /** Where in the data it stands, list positions left out: facts of one path tell the same of different things. */
  readonly path: string;
}

/** A moment of the evidence, with its labels. */
export interface Moment {
  readonly epoch: number;
  readonly labels: Labels;
  readonly all: ReadonlySet<string>;
  readonly item: number;
  readonly path: string;
  /** The zone that the data name for it. */
  readonly zone: string | undefined;
}
