import ipaddr from "ipaddr.js";
import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { detectLocale } from "../language/detect-locale.ts";
import type { Span } from "./recognisers/span.ts";

/**
 * Finds identifiers with a server of the operator's own that speaks the protocol of Presidio's analyzer.
 * @throws {Error} when it is down, slow or answers anything but spans of this text; the caller must then let nothing out.
 */
export type LocalRecogniser = (text: string, signal: AbortSignal) => Promise<readonly Span[]>;

export interface LocalRecogniserOptions {
  /** Its address without `/analyze`; loopback or private. */
  readonly url: string;
  /** Languages that its models know; a text in another one is analysed as the first. */
  readonly languages: readonly string[];
  /** For one text; default 2,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

const Found = z.array(
  z.object({
    entity_type: z.string().min(1).max(64),
    start: z.int().min(0),
    end: z.int().min(0),
    score: z.number(),
  }),
);
/** What says nothing of a person by itself and is needed to answer: places, dates, firms. */
const harmless = new Set(["DATE_TIME", "LOCATION", "GPE", "LOC", "NRP", "ORGANIZATION", "ORG", "URL", "AGE", "TITLE"]);
/** Names of this engine's own placeholders for the analyzer's classes. */
const kinds: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: "EMAIL",
  PHONE_NUMBER: "PHONE",
  CREDIT_CARD: "CARD",
  IBAN_CODE: "IBAN",
  IP_ADDRESS: "IP",
  US_SSN: "SSN",
  STREET_ADDRESS: "ADDRESS",
};
const leastScore = 0.3;
const mostReplyBytes = 1_048_576;

/**
 * Whether a host can only be this machine or its private network: a loopback, private or link-local address, `localhost`, or
 * a name of one label, which is a neighbour in a container network and never a public name.
 */
export const isPrivateHost = (host: string): boolean => {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (!ipaddr.isValid(name)) return /^[a-z0-9](?:[a-z0-9_-]{0,62})$/.test(name) && /[a-z]/.test(name);
  return ["loopback", "private", "uniqueLocal", "linkLocal"].includes(ipaddr.process(name).range());
};

/** @throws {AppError} CONFIG_INVALID when the address could be a public one. */
export const createLocalRecogniser = ({
  url,
  languages,
  timeoutMs = 2_000,
  fetch = globalThis.fetch,
}: LocalRecogniserOptions): LocalRecogniser => {
  if (!isPrivateHost(new URL(url).hostname)) {
    throw new AppError(
      "CONFIG_INVALID",
      "ATHENA_RECOGNISER must be on this machine or its private network: confidential texts are sent there.",
    );
  }
  const address = new URL("analyze", url.endsWith("/") ? url : `${url}/`);
  return async (text, signal) => {
    const detected = detectLocale(text);
    const language = detected !== undefined && languages.includes(detected) ? detected : (languages[0] ?? "en");
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ text, language }),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`The recogniser answered ${response.status}.`);
    }
    return toSpans(text, Found.parse(JSON.parse(await readBounded(response))));
  };
};

const readBounded = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostReplyBytes) throw new Error("The recogniser's answer is too long.");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

/** Its offsets count code points, as Python does; ours count UTF-16 units. */
const toSpans = (text: string, found: z.infer<typeof Found>): Span[] => {
  const offsets = offsetsOf(text);
  return found.flatMap(({ entity_type, start, end, score }) => {
    const from = offsets(start);
    const to = offsets(end);
    if (from === undefined || to === undefined || to <= from)
      throw new Error("The recogniser's spans do not fit the text.");
    if (score < leastScore || harmless.has(entity_type)) return [];
    const kind = kinds[entity_type] ?? entity_type.toUpperCase().replace(/[^A-Z_]/g, "");
    return [{ start: from, end: to, kind: /^[A-Z][A-Z_]{0,30}$/.test(kind) ? kind : "IDENTIFIER" }];
  });
};

const offsetsOf = (text: string): ((point: number) => number | undefined) => {
  if (!/[\ud800-\udfff]/.test(text)) return (point) => (point <= text.length ? point : undefined);
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  starts.push(at);
  return (point) => starts[point];
};
