const named: Readonly<Record<string, string>> = {
  colon: ":",
  sol: "/",
  bsol: "\\",
  period: ".",
  amp: "&",
  tab: "",
  newline: "",
  commat: "@",
  num: "#",
  quest: "?",
};

/** Markdown and HTML read `&#58;` as a colon; browsers leave out line ends and tabs in addresses. */
export const decodeAddress = (written: string): string =>
  written
    .replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]{2,8}));?/g, (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    })
    .replace(/[\t\r\n]/g, "");

const absolute = /^\s*(?:[a-z][a-z\d+.-]{1,20}:[/\\]{2}|(?:https?|ftp|wss?):|[/\\]{2})/i;

/** Whether a link's destination names a host; a backslash may be an escape or, for browsers, a slash. */
export const namesHost = (destination: string): boolean =>
  absolute.test(destination) || absolute.test(destination.replace(/\\(?=\p{P}|\p{S})/gu, ""));

/** The host that a browser would ask, without `www.`; undefined when there is none or it cannot be told. */
export const hostOf = (address: string): string | undefined => {
  const full = address
    .trim()
    .replace(/\\(?=[.:?#&=])/g, "")
    .replaceAll("\\", "/")
    .replace(/^([a-z][a-z\d+.-]*:)?\/*/i, (_, scheme: string | undefined) => `${scheme ?? "https:"}//`);
  try {
    return new URL(full).hostname.toLowerCase().replace(/^www\./, "") || undefined;
  } catch {
    return undefined;
  }
};
