import { randomBytes } from "node:crypto";

/** Marks text of others as data: the key is new for each query, so that nothing inside can close the block. */
export type DataBlock = (name: string, content: string) => string;

/** Makes the marks of one query. */
export const createDataBlock = (key: string = randomBytes(6).toString("hex")): DataBlock => {
  const ours = /<\s*(\/?)\s*(?=(?:evidence|tool_result|data)\b)/gi;
  return (name, content) =>
    `<${name} key="${key}">\n${content.replace(ours, "‹$1").replaceAll(key, "")}\n</${name} key="${key}">`;
};
