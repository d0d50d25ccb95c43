/** Why a connection was closed: code and reason of WebSocket. After those with `resume` the client comes back with its position. */
export const closeCodes = {
  goingAway: { code: 1001, reason: "the server stops: resume" },
  badHello: { code: 4400, reason: "the first frame must be a hello" },
  unauthenticated: { code: 4401, reason: "not authenticated" },
  gone: { code: 4404, reason: "there is no such thread" },
  late: { code: 4408, reason: "no hello in time" },
  slow: { code: 4410, reason: "read too slowly: resume" },
  tooMany: { code: 4429, reason: "too many" },
  failed: { code: 1011, reason: "internal error: resume" },
} as const satisfies Record<string, { readonly code: number; readonly reason: string }>;

export type CloseReason = keyof typeof closeCodes;
