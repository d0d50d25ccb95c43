const placeholder = /\{([a-z][a-z0-9_]{0,63})\}/g;

/** Names that a text has places for. */
export const placeholdersIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(placeholder)].map(([, name]) => name!)),
];

/** A text with the fields of the job's input in its `{places}`; a place that has no field stays empty. */
export const fillIn = (text: string, input: Readonly<Record<string, unknown>>): string =>
  text.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  });
