import type { Evidence } from "../../platform/evidence/evidence.ts";
import { referencesOf } from "../untrusted/references.ts";
import { decodeAddress, hostOf, namesHost } from "./link-host.ts";

/** Makes links that nobody vouches for unclickable and pictures unloadable; what they point to stays readable. */
export type NeutraliseLinks = (text: string) => string;

const htmlTag = /<(?=[a-z/!])([^<>]{1,4000})>/gi;
const inlineLink = /!?\[([^[\]]{0,300})\]\(\s*<?([^\s<>()]{1,2000})>?(?:\s[^()]{0,300})?\)/g;
const anyLink = /\]\(\s*<?([^\s<>)]{1,2000})>?/g;
const definition = /(\[[^[\]]{1,300}\]):\s*<?([^\s<>]{1,2000})>?/g;
const bareAddress =
  /(?<![\p{L}\p{N}])(?:[a-z][a-z\d+.-]{1,20}:[/\\]{2}|(?:https?|ftp|wss?):[/\\]?(?=[\p{L}\p{N}[])|www\.)[^\s<>"')\]`]{1,2000}|(?<=^|[\s("'=<])[/\\]{2}[\p{L}\p{N}-]{1,63}\.[^\s<>"')\]`]{1,2000}/giu;
const addressInTag =
  /(?:[a-z][a-z\d+.-]{1,20}:[/\\]{2}|(?:https?|ftp|wss?):|(?<=[\s("'=<])[/\\]{2}|www\.)[^\s<>"')`]{1,2000}/gi;
// A code span that holds no brackets can be no picture's or link's part, wherever an earlier piece opened another span.
const codeSpan = /(?<!`)(`{1,8})(?!`)[^`[\]<>]{1,2000}(?<!`)\1(?!`)/g;

/** Whether a piece is one fenced block from its first line to its last. */
const isFence = (text: string): boolean => {
  const [first = "", ...lines] = text.trim().split("\n");
  const mark = /^(`{3,}(?=[^`]*$)|~{3,})/.exec(first)?.[1];
  if (mark === undefined) return false;
  const closes = (line: string) => {
    const bare = line.trim();
    return bare.length >= mark.length && bare === (mark[0] ?? "").repeat(bare.length);
  };
  return lines.findIndex(closes) === lines.length - 1 && lines.length > 0;
};

/**
 * Hosts are vouched for by the user's words and the client's instructions, and by being a source of the evidence itself. Once
 * others have written anything, every link and picture of another host is shown as text, whatever way it is written: loading
 * or following it tells that host what its address holds. Fenced blocks stay as they are.
 */
export const createNeutraliseLinks = (
  trusted: string,
  untrusted: readonly string[],
  evidence: readonly Pick<Evidence, "sourceUrl" | "data">[],
): NeutraliseLinks => {
  if (untrusted.length === 0) return (text) => text;
  let known: ReadonlySet<string> | undefined;
  const vouched = () => {
    known ??= new Set([
      ...[...referencesOf(trusted)].flatMap((reference) => hostOf(reference) ?? []),
      ...evidence.flatMap(({ sourceUrl, data }) =>
        [sourceUrl, data.url].flatMap((address) => (typeof address === "string" ? (hostOf(address) ?? []) : [])),
      ),
    ]);
    return known;
  };
  const isForeign = (address: string): boolean => {
    const host = hostOf(address);
    return host === undefined || !vouched().has(host);
  };
  const isForeignLink = (destination: string): boolean => {
    const decoded = decodeAddress(destination);
    return namesHost(decoded) && isForeign(decoded);
  };
  return (text) =>
    !/[/\\:&]|www\./i.test(text) || isFence(text) ? text : neutraliseIn(text, isForeign, isForeignLink);
};

const neutraliseIn = (
  text: string,
  isForeign: (address: string) => boolean,
  isForeignLink: (destination: string) => boolean,
): string => {
  // What is done with stands aside, so that nothing is changed twice.
  const aside: string[] = [];
  const keep = (piece: string): string => `\ue000${aside.push(piece) - 1}\ue001`;
  let changed = false;
  const plain = (address: string): string => {
    changed = true;
    return keep(`\`${address.replaceAll("`", "")}\``);
  };
  const rest = text
    .replace(/[\ue000\ue001]/g, "")
    .replace(codeSpan, keep)
    .replace(htmlTag, (tag, inner: string) => {
      const foreign = [...decodeAddress(inner).matchAll(addressInTag)].some(([address]) => isForeign(address));
      if (!foreign) return tag;
      return /^[a-z][a-z\d+.-]*:\S*$/i.test(inner) ? plain(inner) : plain(`‹${inner.replace(/\s+/g, " ")}›`);
    })
    .replace(inlineLink, (whole, label: string, address: string) =>
      isForeignLink(address) ? `${label} (${plain(address)})` : whole,
    )
    .replace(anyLink, (whole, address: string) => (isForeignLink(address) ? `] (${plain(address)}` : whole))
    .replace(definition, (whole, label: string, address: string) =>
      isForeignLink(address) ? `${label} ${plain(address)}` : whole,
    )
    .replace(bareAddress, (address: string) => {
      const bare = address.replace(/[.,;:!?]+$/, "");
      return isForeign(bare) ? plain(bare) + address.slice(bare.length) : address;
    });
  if (!changed) return text;
  // A mark without its partner would take ours for it, and what is shown as text would be a link again.
  return rest.replaceAll("`", "'").replace(/\ue000(\d+)\ue001/g, (_, index: string) => restored(aside, Number(index)));
};

/** What stood aside, with what stood aside in it. */
const restored = (aside: readonly string[], index: number): string =>
  (aside[index] ?? "").replace(/\ue000(\d+)\ue001/g, (_, inner: string) =>
    Number(inner) < index ? restored(aside, Number(inner)).replaceAll("`", "'") : "",
  );
