/** One name in every spelling that files, code and settings need. */
export interface Names {
  /** `ferry-times`: files and service ids. */
  readonly kebab: string;
  /** `ferryTimes` */
  readonly camel: string;
  /** `FerryTimes` */
  readonly pascal: string;
  /** `ferry_times`: tools and intents. */
  readonly snake: string;
  /** `FERRY_TIMES`: settings. */
  readonly upper: string;
  /** `Ferry times` */
  readonly words: string;
}

/** A file by its path from the root, with its content. */
export type Files = Readonly<Record<string, string>>;

/** The spellings of a kebab-case name; undefined when it is none (a letter first, at most 40 characters). */
export const namesOf = (kebab: string): Names | undefined => {
  if (kebab.length > 40 || !/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(kebab)) return undefined;
  const parts = kebab.split("-");
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const pascal = parts.map(capital).join("");
  return {
    kebab,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    snake: parts.join("_"),
    upper: parts.join("_").toUpperCase(),
    words: capital(parts.join(" ")),
  };
};
