/** Something that a claim can come from, as the memory, a service or a tool gave it. */
export interface Source {
  readonly title: string;
  /** What it says; empty where only its name is known any more. */
  readonly text: string;
  readonly url?: string;
  /** A message or chunk of the memory. */
  readonly itemId?: string;
}
