import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";

const applyHelmet = helmet({
  // An API: nothing it answers is a page that loads anything.
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  // Browser clients of another origin are CORS's business.
  crossOriginResourcePolicy: { policy: "cross-origin" },
});

/** helmet's headers as name and value: they are the same for every answer, so they are computed once. */
export const securityHeaders = (): readonly (readonly [string, string])[] => {
  const headers: [string, string][] = [];
  const recorder = { setHeader: (name: string, value: string) => headers.push([name, value]), removeHeader: () => {} };
  applyHelmet({} as IncomingMessage, recorder as unknown as ServerResponse, () => {});
  return headers;
};
