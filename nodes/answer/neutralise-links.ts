import type { Evidence } from "../../platform/evidence/evidence.ts";
import { referencesOf } from "../untrusted/references.ts";

/** Makes links that nobody vouches for unclickable and pictures unloadable; what they point to stays readable. */
export type NeutraliseLinks = (text: string) => string;

const hostOf = (address: string): string | undefined => {
  try {
    return new URL(address.startsWith("//") ? `https:${address}` : address).hostname
      .toLowerCase()
      .replace(/^www\./, "");
  } catch {
    return undefined;
  }
};

const plain = (address: string): string => `\`${address.replaceAll("`", "")}\``;

/**
 * Hosts are vouched for by the user's words and the client's instructions, and by being a source of the evidence itself. A
 * link to a host that only text of others names is shown as text; a picture is, unless its host is vouched for, because
 * loading it tells its host what was asked. Code blocks stay as they are.
 */
export const createNeutraliseLinks = (
  trusted: string,
  untrusted: readonly string[],
  evidence: readonly Pick<Evidence, "sourceUrl" | "data">[],
): NeutraliseLinks => {
  if (untrusted.length === 0) return (text) => text;
  let known: { vouched: ReadonlySet<string>; planted: ReadonlySet<string> } | undefined;
  const hosts = () => {
    known ??= {
      vouched: new Set([
        ...referencesOf(trusted),
        ...evidence.flatMap(({ sourceUrl, data }) =>
          [sourceUrl, data.url].flatMap((address) => (typeof address === "string" ? (hostOf(address) ?? []) : [])),
        ),
      ]),
      planted: new Set(untrusted.flatMap((text) => [...referencesOf(text)])),
    };
    return known;
  };
  const isVouched = (address: string) => {
    const host = hostOf(address);
    return host === undefined ? !address.startsWith("//") : hosts().vouched.has(host);
  };
  const isPlanted = (address: string) => {
    const host = hostOf(address);
    return host !== undefined && hosts().planted.has(host) && !hosts().vouched.has(host);
  };
  return (text) => {
    if (!/:\/\/|\]\(\s*\/\/|www\./i.test(text) || /^\s*(?:```|~~~)/.test(text)) return text;
    return text
      .replace(
        /!\[([^\]\n]{0,300})\]\(\s*<?([^\s)>]{1,2000})[^)\n]{0,300}\)/g,
        (whole, label: string, address: string) => (isVouched(address) ? whole : `${label} (${plain(address)})`),
      )
      .replace(
        /(?<!!)\[([^\]\n]{0,300})\]\(\s*<?([^\s)>]{1,2000})[^)\n]{0,300}\)/g,
        (whole, label: string, address: string) => (isPlanted(address) ? `${label} (${plain(address)})` : whole),
      )
      .replace(/(?<![`\p{L}\p{N}/])(?:https?:\/\/|www\.)[^\s<>"')\]`]{1,2000}/giu, (address: string) => {
        const bare = address.replace(/[.,;:!?]+$/, "");
        const full = /^www\./i.test(bare) ? `https://${bare}` : bare;
        return isPlanted(full) ? plain(bare) + address.slice(bare.length) : address;
      });
  };
};
