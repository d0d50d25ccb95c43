import type { Files, Names } from "./names.ts";

/** A node that shortens the query's text: it declares what it reads and writes, so its test needs no graph. */
export const nodeFiles = ({ kebab, pascal, camel, words }: Names): Files => ({
  [`nodes/${kebab}.ts`]: `export interface ${pascal}Deps {
  /** Most characters to keep. */
  readonly longest: number;
}

type Reads = { readonly text: string };
type Writes = { text: string };

/** ${words}: cuts the query's \`text\` at the last word that fits. Pure, so a replay is harmless. */
export const create${pascal} = ({ longest }: ${pascal}Deps) =>
  async function ${camel}({ text }: Reads): Promise<Writes> {
    if (text.length <= longest) return { text };
    const cut = text.slice(0, longest + 1).lastIndexOf(" ");
    return { text: text.slice(0, cut > 0 ? cut : longest) };
  };
`,
  [`tests/nodes/${kebab}.test.ts`]: `import { expect, test } from "vitest";
import { create${pascal} } from "../../nodes/${kebab}.ts";

const ${camel} = create${pascal}({ longest: 10 });

test("keeps a text that fits as it is", async () => {
  expect(await ${camel}({ text: "ten chars." })).toEqual({ text: "ten chars." });
});

test("cuts a longer text after a whole word", async () => {
  expect(await ${camel}({ text: "one two three" })).toEqual({ text: "one two" });
});

test("cuts a word that is too long by itself", async () => {
  expect(await ${camel}({ text: "uninterrupted" })).toEqual({ text: "uninterrup" });
});
`,
});
