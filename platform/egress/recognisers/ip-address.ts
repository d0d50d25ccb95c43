import { isIPv4, isIPv6 } from "node:net";
import type { Recogniser, Span } from "./span.ts";

const v4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d]|\.\d)/g;
const v6 = /(?<![\p{L}\d:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![\p{L}\d:])/gu;

/** IPv4 and IPv6 addresses. */
export const ipAddress: Recogniser = {
  name: "ip-address",
  *find(text, check): Generator<Span> {
    for (const [pattern, isAddress] of [
      [v4, isIPv4],
      [v6, isIPv6],
    ] as const) {
      for (const match of text.matchAll(pattern)) {
        check();
        // `::` alone and names such as `std::` are no one's address.
        if (!/\d/.test(match[0]) || !isAddress(match[0])) continue;
        yield { start: match.index, end: match.index + match[0].length, kind: "IP" };
      }
    }
  },
};
