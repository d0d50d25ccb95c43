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

const join = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);

/** Walks once over containers only; strings are looked at only when the text has an escaped NUL somewhere. */
const check = (value: unknown, depth: number, path: string, lookForNul: boolean): void => {
  if (typeof value === "string") {
    if (lookForNul && value.includes("\0")) {
      throw new AppError("INVALID_INPUT", "Text must not contain the character U+0000.", { field: path });
    }
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (depth === maxDepth) refuse(`The body is nested deeper than ${maxDepth} levels.`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item === "object" || lookForNul) check(item, depth + 1, join(path, index), lookForNul);
    }
    return;
  }
  const keys = Object.keys(value);
  if (keys.length > maxKeys) refuse(`An object of the body has more than ${maxKeys} keys.`);
  for (const key of keys) {
    if (key === "__proto__") refuse("The body has a key named __proto__.");
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === "object" || lookForNul) check(item, depth + 1, join(path, key), lookForNul);
  }
};

/**
 * JSON from the bytes of a body: strict UTF-8 without byte order mark, at most 32 levels deep, at most 1,000 keys in one
 * object, no `__proto__`, no U+0000 (a database cannot hold it).
 * @throws {AppError} INVALID_INPUT; the message never quotes the body.
 */
export const parseJson = (bytes: Uint8Array): unknown => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) refuse("The body starts with a byte order mark.");
  const text = decode(bytes);
  const value = parse(text);
  check(value, 0, "", text.includes("\\u0000"));
  return value;
};
