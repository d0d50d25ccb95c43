import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { until } from "../support/until.ts";

const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");

let athena: RunningEngine;
beforeAll(async () => {
  athena = await startEngine();
});
afterAll(() => athena.close());

test("the README's example request gives what the README says", async () => {
  const [, path = "", body = ""] =
    /curl -s http:\/\/127\.0\.0\.1:8000(\S+) -H 'content-type: application\/json' -d @- <<'JSON'\n([\s\S]*?)^JSON$/m.exec(
      readme,
    ) ?? [];
  const response = await athena.post(path, JSON.parse(body));
  expect(response.status).toBe(200);
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  const answer = choices[0]?.message.content ?? "";
  expect(answer).toContain("17% of 2,340 is 397.8");
  expect(answer).toContain("489 ft");
  expect(answer).toContain("149 m");
  for (const promised of ["489 ft", "149 m", "17% of 2,340 is 397.8"]) expect(readme).toContain(promised);
});

test("the models that the README names are listed first", async () => {
  const { data } = (await (await fetch(`${athena.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.slice(0, 3).map(({ id }) => id)).toEqual(["athena", "athena-private", "athena-embed"]);
  for (const { id } of data.slice(0, 3)) expect(readme).toContain(`\`${id}\``);
});

test("the README's search of the memory finds what was said", async () => {
  await athena.post("/ai/query", { text: "Note: the pump was repaired by Ada." });
  const [, path = ""] = /curl -s 'http:\/\/127\.0\.0\.1:8000(\/atlas\/search\S+)'/.exec(readme) ?? [];
  const response = await fetch(`${athena.url}${path}`);
  expect(response.status).toBe(200);
  const { fragments } = (await response.json()) as { fragments: { content: string }[] };
  expect(fragments.map(({ content }) => content)).toContain("Note: the pump was repaired by Ada.");
});

test("what the README says in a chat is kept and found without a model", async () => {
  const said = [...readme.replace(/\s+/g, " ").matchAll(/"([^"]+)"/g)].map(([, text = ""]) => text);
  const ask = async (text: string) => {
    expect(said).toContain(text);
    return ((await (await athena.post("/ai/query", { text })).json()) as { answer: string }).answer;
  };
  expect(await ask("remember that the spare key is under the mat")).toBe("I'll remember that.");
  await until(async () => (await (await fetch(`${athena.url}/memory/facts`)).text()).includes("under the mat"));
  for (const question of ["what did I say about the key?", "what do you know about me?"]) {
    expect(await ask(question)).toContain("the spare key is under the mat");
  }
});
