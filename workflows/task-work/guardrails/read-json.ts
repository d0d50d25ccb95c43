const fence = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/;

/** The JSON value that a text is, without the code fence that models like to add; undefined: it is none. */
export const readJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(fence.exec(text)?.[1] ?? text) };
  } catch {
    return undefined;
  }
};
