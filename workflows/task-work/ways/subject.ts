const names = ["topic", "question", "subject", "incident", "text", "query"];

/** What a job is about: the field of its input that says so, else the first text in it. */
export const subjectOf = (input: Readonly<Record<string, unknown>>): string => {
  const named = names.map((name) => input[name]).find((value) => typeof value === "string" && value.trim() !== "");
  const value = named ?? Object.values(input).find((each) => typeof each === "string" && each.trim() !== "");
  return typeof value === "string" ? value.trim() : "";
};

/** The subject in one line, for headings. */
export const shortSubject = (input: Readonly<Record<string, unknown>>, longest = 120): string => {
  const line = subjectOf(input)
    .replace(/\s+/g, " ")
    .replace(/[.?!]+$/, "");
  return line.length > longest ? `${line.slice(0, longest).toWellFormed().trimEnd()}…` : line;
};
