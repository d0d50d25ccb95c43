/** Where something could be sent to: addresses, hosts and numbers of accounts, in a form in which equal ones are equal. */
export const referencesOf = (text: string): Set<string> => {
  const found = new Set<string>();
  for (const [, user = "", host = ""] of text.matchAll(
    /([\w.+-]{1,64})@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6})/gu,
  ))
    found.add(`${user}@${host}`.toLowerCase());
  for (const [, host = ""] of text.matchAll(
    /(?<![\p{L}\p{N}@._-])(?:[a-z][a-z+]{1,12}:\/\/)?((?:[\p{L}\p{N}-]{1,63}\.){1,6}[\p{L}]{2,24})(?![\p{L}\p{N}@-])/giu,
  ))
    found.add(hostOf(host));
  for (const [, host = ""] of text.matchAll(/[a-z][a-z+]{1,12}:\/\/(?:[^\s/@]{1,80}@)?([^\s/?#:"'<>)\]]{1,120})/giu))
    found.add(hostOf(host));
  for (const [number] of text.matchAll(/(?<![\p{L}\p{N}])[A-Z]{0,2}\d(?:[ \-.()/]?[A-Z\d]){7,33}(?![\p{L}\p{N}])/gu)) {
    const digits = number.replace(/[^A-Z\d]/g, "");
    if ((digits.match(/\d/g) ?? []).length >= 8) found.add(digits.replace(/^00/, ""));
  }
  return found;
};

const hostOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^www\./, "")
    .replace(/\.$/, "");
