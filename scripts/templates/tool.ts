import type { Files, Names } from "./names.ts";

/** A tool that counts words: small, pure, and said in two languages. */
export const toolFiles = ({ kebab, pascal, camel, snake, words }: Names): Files => ({
  [`tools/${kebab}.ts`]: `import { z } from "zod";
import { inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({ text: z.string().trim().min(1).max(1_000).describe("What to count the words of.") });
const Output = z.object({ words: z.number().int().min(1) });

/** ${words}: the number of words in a text. Pure, so it can be repeated. */
export const create${pascal} = () =>
  defineTool({
    name: "${snake}",
    description: "Counts the words of a text.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ text }) {
      return { words: text.split(/\\s+/u).length };
    },
    render: ({ words }, _input, locale) => inLocale(locale, { en: \`Words: \${words}.\`, pl: \`Słów: \${words}.\` }),
  });
`,
  [`tests/tools/${kebab}.test.ts`]: `import { expect, test } from "vitest";
import { create${pascal} } from "../../tools/${kebab}.ts";
import { runTool, toolContext } from "./support.ts";

const ${camel} = create${pascal}();

test("counts words and says it in English and Polish", async () => {
  const { output, text } = await runTool(${camel}, { text: "one  two\\nthree" });
  expect(output).toEqual({ words: 3 });
  expect(text).toBe("Words: 3.");
  expect((await runTool(${camel}, { text: "raz dwa" }, toolContext({ locale: "pl" }))).text).toBe("Słów: 2.");
});

test("refuses an empty text", () => {
  expect(${camel}.input.safeParse({ text: "  " }).success).toBe(false);
});
`,
});
