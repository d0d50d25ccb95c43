import { AppError } from "../../platform/errors/app-error.ts";

const maxDepth = 32;
const maxKeys = 1_000;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const refuse = (message: string): never => {
  throw new AppError("INVALID_INPUT", message);
};

const decode = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse("The body is not valid UTF-8.");
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may be confidential.
    return refuse("The body is not valid JSON.");
  }
};

/** Walks once, over containers only. */
const check = (value: unknown, depth: number): void => {
  if (typeof value !== "object" || value === null) return;
  if (depth === maxDepth) refuse(`The body is nested deeper than ${maxDepth} levels.`);
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth + 1);
    return;
  }
  const keys = Object.keys(value);
  if (keys.length > maxKeys) refuse(`An object of the body has more than ${maxKeys} keys.`);
  for (const key of keys) {
    if (key === "__proto__") refuse("The body has a key named __proto__.");
    check((value as Record<string, unknown>)[key], depth + 1);
  }
};

/**
 * JSON from the bytes of a body: strict UTF-8 without byte order mark, at most 32 levels deep, at most 1,000 keys in one
 * object, no `__proto__`.
 * @throws {AppError} INVALID_INPUT; the message never quotes the body.
 */
export const parseJson = (bytes: Uint8Array): unknown => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) refuse("The body starts with a byte order mark.");
  const text = decode(bytes);
  const value = parse(text);
  check(value, 0);
  return value;
};
