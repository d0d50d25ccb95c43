import type { PromptRow } from "../platform/config/registry.ts";

/** Fixed sentences of the registry by key and language. */
export type Say = (key: string, locale: string, values?: Readonly<Record<string, string>>) => string;

/**
 * Gives the newest text of a key in a language, English where that language has none, and fills `{name}` placeholders.
 * An unknown key gives an empty string: a missing row makes an answer shorter, never absent.
 */
export const createSay = (prompts: () => readonly PromptRow[]): Say => {
  let indexed: { from: readonly PromptRow[]; byKey: Map<string, PromptRow> } | undefined;
  const index = () => {
    const rows = prompts();
    if (indexed?.from === rows) return indexed.byKey;
    const byKey = new Map<string, PromptRow>();
    for (const row of rows) {
      const name = `${row.key}/${row.locale}`;
      const known = byKey.get(name);
      if (!known || known.version < row.version) byKey.set(name, row);
    }
    indexed = { from: rows, byKey };
    return byKey;
  };
  return (key, locale, values = {}) => {
    const byKey = index();
    const row = byKey.get(`${key}/${locale}`) ?? byKey.get(`${key}/${locale.split("-")[0]}`) ?? byKey.get(`${key}/en`);
    return (row?.text ?? "").trim().replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  };
};
