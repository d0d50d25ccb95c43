import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describedRoutes } from "../../server/routes/route-list.ts";
import { type Edge, jsonOf, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const routes = describedRoutes();
const fields = [
  "model",
  "messages",
  "text",
  "input",
  "prompt",
  "stream",
  "tools",
  "options",
  "metadata",
  "name",
  "keep_alive",
  "format",
  "response_format",
  "stop",
  "tool_choice",
];
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("athena", "athena-embed", "openai/stand-in", "nobody", "", null, -1, [], {}),
  fc.array(
    fc.record({ role: fc.constantFrom("user", "tool", "assistant", "x"), content: fc.jsonValue({ maxDepth: 1 }) }),
    { maxLength: 3 },
  ),
);
const body = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6 });

test("random requests are never a bug, never slow, and get a status that the document knows", {
  timeout: 60_000,
}, async () => {
  const document = await jsonOf(await fetch(`${edge.url}/openapi.json`));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      body,
      fc.string({ unit: "grapheme", maxLength: 12 }),
      async (route, json, name) => {
        edge.script.enqueue({ text: "Fine." });
        const path = route.path.replace(/[:*]\w+/, () => encodeURIComponent(name) || "x");
        const started = performance.now();
        const response = await fetch(edge.url + path, {
          method: route.method.toUpperCase(),
          ...(route.method === "get"
            ? {}
            : { headers: { "content-type": "application/json" }, body: JSON.stringify(json) }),
        });
        const text = await response.text();
        expect(performance.now() - started).toBeLessThan(2_000);
        expect(response.status, text).not.toBe(500);
        const documented = document.paths[route.path.replace(/[:*](\w+)/g, "{$1}")][route.method].responses;
        expect(Object.keys(documented)).toContain(String(response.status));
        if (response.status >= 400) expect(JSON.parse(text)).toHaveProperty("error");
        edge.script.reset();
      },
    ),
    { numRuns: 800 },
  );
});
