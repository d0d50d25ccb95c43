/** What can be imported: exports of other assistants, messages as lines of JSON, Markdown and text. */
export const importFormats = ["chatgpt", "open-webui", "jsonl", "markdown"] as const;
export type ImportFormat = (typeof importFormats)[number];
