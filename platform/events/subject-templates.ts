/** Data as one token of a subject: percent-encoded with `.` and `*` too; `decodeURIComponent` gives it back. Empty becomes `_`. */
export const escapeToken = (data: string): string =>
  encodeURIComponent(data.toWellFormed()).replace(
    /[.*!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  ) || "_";

/** Whether a text can be a subject: tokens of visible characters other than wildcards, joined by dots. */
export const isSubject = (text: string): boolean => /^[^\s.*>]+(?:\.[^\s.*>]+)*$/.test(text);

/**
 * Whether a subject fits a pattern with NATS' wildcards: `*` stands for one token, `>` at the end for one or more.
 * `matchesSubject("message.*.>", "message.created.a")` is true.
 */
export const matchesSubject = (pattern: string, subject: string): boolean => {
  const wanted = pattern.split(".");
  const tokens = subject.split(".");
  const open = wanted.at(-1) === ">";
  if (open ? tokens.length < wanted.length : tokens.length !== wanted.length) return false;
  return wanted.every(
    (token, index) => token === "*" || token === tokens[index] || (open && index === wanted.length - 1),
  );
};

/** A pattern as a regular expression of PostgreSQL, for rows of many subjects. */
export const subjectPatternToRegex = (pattern: string): string => {
  const tokens = pattern.split(".").map((token, index, all) => {
    if (token === "*") return "[^.]+";
    return token === ">" && index === all.length - 1 ? ".+" : token.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
  });
  return `^${tokens.join("\\.")}$`;
};

/** A template as the pattern of all its subjects: `message.created.*`; `{subject}` stands for a whole subject. */
export const templateToPattern = (template: string): string =>
  template.replace(/\{subject\}$/, ">").replace(/\{\w+\}/g, "*");
