import ipaddr from "ipaddr.js";
import { ipAddress } from "../../../platform/egress/recognisers/ip-address.ts";
import { foldText } from "../../../platform/language/normalise-text.ts";
import { stopWords } from "../../index/stop-words.ts";
import { type FoundEntity, toEntity } from "../entity.ts";
import { doubtfulSuffixes, genericSuffixes, hostCues, hostStems } from "./host-words.ts";

const url =
  /(?<![\p{L}\p{N}])(?:https?|wss?|ftps?|sftp|ssh|postgres(?:ql)?|redis|nats|mqtts?|ldaps?):\/\/[^\s<>"'`]{1,2000}/giu;
const dotted =
  /(?<![\p{L}\p{N}_.@-])[a-z0-9](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9](?:[a-z0-9_-]{0,62})){1,10}(?![\p{L}\p{N}_@-])/giu;
const bare = /(?<![\p{L}\p{N}_.@/-])[a-z][a-z0-9]{0,20}(?:-[a-z0-9]{1,20}){0,5}(?![\p{L}\p{N}_@/-]|\.\p{L})/giu;
const word = /[\p{L}\p{M}\p{N}_.-]{1,64}$/u;

const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const countries = new Map<string, boolean>();
const isCountry = (label: string): boolean => {
  let known = countries.get(label);
  if (known === undefined) {
    known = /^[a-z]{2}$/.test(label) && regions.of(label.toUpperCase()) !== undefined;
    if (countries.size < 1_000) countries.set(label, known);
  }
  return known;
};

/** Whether a dotted name is a machine's rather than a file's, a version's or two sentences without a space between. */
const isHostName = (written: string): boolean => {
  const labels = written.toLowerCase().split(".");
  const last = labels.at(-1) ?? "";
  if (labels.every((label) => label.length < 2) || written.length > 253) return false;
  if (genericSuffixes.has(last)) return labels.length > 2 || (labels[0]?.length ?? 0) > 1;
  if (!isCountry(last)) return false;
  if (labels.length > 2) return (labels[0]?.length ?? 0) > 1 || (labels[1]?.length ?? 0) > 2;
  if ((labels[0]?.length ?? 0) < 2 || doubtfulSuffixes.has(last)) return false;
  return !stopWords.en.has(last) && !stopWords.pl.has(last);
};

const isAddress = (written: string): boolean => ipaddr.isValid(written);
/** An address in its usual form. */
const addressOf = (written: string): string => {
  const parsed = ipaddr.parse(written);
  return parsed.kind() === "ipv6" ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString();
};

/** Whether a name without dots, with a figure or a hyphen, is a machine's: made of what machines are called, or announced. */
const isMachine = (written: string, text: string, at: number): boolean => {
  if (!/[\d-]/.test(written)) return false;
  const parts = written.toLowerCase().split("-");
  const stem = /^([a-z]+[0-9]?[a-z]+|[a-z]+)(\d{1,4})?$/.exec(parts[0] ?? "");
  const hasNumber = stem?.[2] !== undefined || parts.slice(1).some((part) => /^[a-z]{0,8}\d{1,4}$/.test(part));
  if (hasNumber && parts.some((part) => hostStems.has(part.replace(/\d+$/, "")))) return true;
  const before = word.exec(text.slice(Math.max(0, at - 66), at).trimEnd())?.[0] ?? "";
  return hostCues.has(foldText(before));
};

/** Machines by their addresses, the hosts of URLs, dotted names and usual names. Linear in the text's length. */
export const findHosts = (text: string): FoundEntity[] => {
  const found: FoundEntity[] = [];
  const taken: [number, number][] = [];
  const put = (start: number, end: number, written: string): void => {
    const entity = toEntity("host", written);
    if (entity) found.push({ ...entity, start, end });
  };
  for (const match of text.matchAll(url)) {
    const end = match.index + match[0].length;
    taken.push([match.index, end]);
    const trimmed = match[0].replace(/[.,;:!?)\]}]{1,9}$/, "");
    const parsed = URL.parse(trimmed);
    const host = parsed?.hostname.replace(/^\[|\]$/g, "") ?? "";
    if (host !== "")
      put(match.index, match.index + trimmed.length, isAddress(host) ? addressOf(host) : host.replace(/\.$/, ""));
  }
  let next = 0;
  const isTaken = (start: number): boolean => {
    while (next < taken.length && (taken[next]?.[1] ?? 0) <= start) next += 1;
    return (taken[next]?.[0] ?? Number.POSITIVE_INFINITY) <= start;
  };
  for (const { start, end } of [...ipAddress.find(text, () => undefined)].sort(
    (one, other) => one.start - other.start,
  )) {
    if (!isTaken(start)) put(start, end, addressOf(text.slice(start, end)));
  }
  for (const [pattern, isOne] of [
    [dotted, isHostName],
    [bare, isMachine],
  ] as const) {
    next = 0;
    for (const match of text.matchAll(pattern)) {
      if (isTaken(match.index) || !isOne(match[0], text, match.index)) continue;
      put(match.index, match.index + match[0].length, match[0]);
    }
  }
  return found;
};
