const separators = (locale: string): { readonly decimal: string; readonly group: string } => {
  const known = Intl.NumberFormat.supportedLocalesOf(/^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(locale) ? locale : "en");
  const parts = new Intl.NumberFormat(known).formatToParts(1_234_567.8);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { decimal: of("decimal") || ".", group: of("group") };
};

/** A number as people write it: digits with points, commas, apostrophes and single spaces inside. */
export const numberPattern = /\d+(?:(?:[.,]|['’\u00a0\u202f ](?=\d{3}(?!\d)))\d+)*|[.,]\d+/gu;

/**
 * Rewrites a written number as digits with a decimal point: `2,340` is 2340 in English and 2.34 in Polish, `1.234,56` is
 * 1234.56 everywhere, `2 340` is 2340. Undefined when it is no number (`1.2.3,4,5`).
 */
export const readNumber = (written: string, locale: string): string | undefined => {
  const compact = written.replace(/['’\u00a0\u202f ]/gu, "");
  const last = Math.max(compact.lastIndexOf(","), compact.lastIndexOf("."));
  if (last === -1) return compact;
  const mark = compact[last] ?? "";
  const marks = compact.replace(/\d/g, "");
  const whole = compact.slice(0, last);
  const grouped = (text: string, group: string) =>
    new RegExp(`^[1-9]\\d{0,2}(?:\\${group}\\d{3})+$`).test(text) ? text.replaceAll(group, "") : undefined;
  if (new Set(marks).size > 1) {
    // Both marks occur: the last one is the decimal mark, the other must group.
    const other = mark === "," ? "." : ",";
    const digits = marks.indexOf(mark) === marks.length - 1 ? grouped(whole, other) : undefined;
    return digits && `${digits}.${compact.slice(last + 1)}`;
  }
  const asGroups = grouped(compact, mark);
  if (marks.length > 1) return asGroups;
  // One mark: it groups where the locale groups with it and three digits follow, else it is the decimal mark.
  const { decimal, group } = separators(locale);
  if (asGroups && mark !== decimal && mark === group) return asGroups;
  return `${whole || "0"}.${compact.slice(last + 1)}`;
};
