/** What one source says about one question. */
export interface Extract {
  readonly question: string;
  readonly text: string;
  /** Id among the result's citations. */
  readonly citation: string;
}

const fieldOf = (data: unknown, name: string): readonly unknown[] => {
  const value = typeof data === "object" && data !== null ? (data as Record<string, unknown>)[name] : undefined;
  return Array.isArray(value) ? value : [];
};

/** The extracts of a result's data; other data has none. */
export const extractsIn = (data: unknown): readonly Extract[] =>
  fieldOf(data, "extracts").filter(
    (item): item is Extract =>
      typeof item === "object" &&
      item !== null &&
      ["question", "text", "citation"].every((name) => typeof (item as Record<string, unknown>)[name] === "string"),
  );

/** The questions of a result's data. */
export const questionsIn = (data: unknown): readonly string[] =>
  fieldOf(data, "questions").filter((item): item is string => typeof item === "string" && item.trim() !== "");
