/**
 * The one table of error codes: what HTTP status a code becomes at an edge, and whether trying again may help.
 * `docs/errors.md` lists the same codes; a test keeps the two equal.
 */
export const errorCodes = {
  INVALID_INPUT: { status: 400, retryable: false },
  CONTEXT_TOO_LONG: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  POLICY_DENIED: { status: 403, retryable: false },
  EGRESS_BLOCKED: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  MODEL_NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  UPGRADE_REQUIRED: { status: 426, retryable: false },
  IDEMPOTENCY_MISMATCH: { status: 422, retryable: false },
  GUARDRAIL_VIOLATION: { status: 422, retryable: false },
  RATE_LIMITED: { status: 429, retryable: true },
  CLIENT_CLOSED: { status: 499, retryable: false },
  CONFIG_INVALID: { status: 500, retryable: false },
  INTERNAL: { status: 500, retryable: false },
  NOT_CONFIGURED: { status: 501, retryable: false },
  PROVIDER_REFUSED: { status: 502, retryable: false },
  PROVIDER_SERVER_ERROR: { status: 503, retryable: true },
  PROVIDER_OVERLOADED: { status: 503, retryable: true },
  PROVIDER_TIMEOUT: { status: 503, retryable: true },
  UPSTREAM_UNAVAILABLE: { status: 503, retryable: true },
  EVENTS_UNAVAILABLE: { status: 503, retryable: true },
  DATABASE_UNAVAILABLE: { status: 503, retryable: true },
  DEADLINE_EXCEEDED: { status: 503, retryable: true },
} as const satisfies Record<string, { readonly status: number; readonly retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;
