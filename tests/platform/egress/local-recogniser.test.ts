import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createPermit } from "../../../platform/egress/create-permit.ts";
import { createLocalRecogniser, isPrivateHost } from "../../../platform/egress/local-recogniser.ts";

let url: string;
let answer: (text: string, response: ServerResponse) => void | Promise<void>;
const asked: { text: string; language: string }[] = [];

const bodyOf = async (request: IncomingMessage): Promise<{ text: string; language: string }> => {
  let body = "";
  for await (const piece of request) body += piece;
  return JSON.parse(body);
};
const server = createServer(async (request, response) => {
  expect(`${request.method} ${request.url}`).toBe("POST /analyze");
  const body = await bodyOf(request);
  asked.push(body);
  await answer(body.text, response);
});

/** Finds words as Presidio's analyzer would: offsets count code points. */
const finds =
  (words: Readonly<Record<string, string>>): typeof answer =>
  (text, response) => {
    const points = [...text];
    const found = Object.entries(words).flatMap(([word, entity_type]) => {
      const at = text.indexOf(word);
      if (at < 0) return [];
      const start = [...text.slice(0, at)].length;
      return [{ entity_type, start, end: start + [...word].length, score: 0.85 }];
    });
    expect(points.length).toBeGreaterThan(0);
    response.setHeader("content-type", "application/json").end(JSON.stringify(found));
  };

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
afterEach(() => asked.splice(0));

const permitOf = (timeoutMs = 2_000, egressClass: "sanitized" | "full" = "sanitized") =>
  createPermit({
    class: egressClass,
    confidential: true,
    budgetMs: 5_000,
    localRecogniser: createLocalRecogniser({ url, languages: ["en", "pl"], timeoutMs }),
  });

describe("the operator's own recogniser", () => {
  test("adds what it finds to what the shipped ones find, wherever astral characters stand", async () => {
    answer = finds({ Qwertyx: "PERSON", "case 77-B": "CASE_FILE" });
    const permit = permitOf();
    const text = "😀 qwerty Qwertyx wrote to anna@example.com about case 77-B 😀";
    await permit.prepare([text]);
    expect(permit.conceal(text)).toBe("😀 qwerty ⟨PERSON_1⟩ wrote to ⟨EMAIL_1⟩ about ⟨CASE_FILE_1⟩ 😀");
    expect(asked).toHaveLength(1);
  });

  test("is told the language of a text that its models know, else the first", async () => {
    answer = finds({});
    const permit = permitOf();
    await permit.prepare(["Jaka jest dzisiaj pogoda i kiedy przyjdziesz?", "Яка сьогодні погода?"]);
    expect(asked.map(({ language }) => language).sort()).toEqual(["en", "pl"]);
  });

  test("leaves places, dates and firms alone: answers need them", async () => {
    answer = finds({ Paris: "LOCATION", Monday: "DATE_TIME" });
    const permit = permitOf();
    await permit.prepare(["Weather in Paris on Monday"]);
    expect(permit.conceal("Weather in Paris on Monday")).toBe("Weather in Paris on Monday");
  });

  test("is not asked where everything may leave, nor twice for one text", async () => {
    answer = finds({});
    const open = permitOf(2_000, "full");
    await open.prepare(["hello there"]);
    expect(asked).toEqual([]);
    const permit = permitOf();
    await permit.prepare(["hello there", "hello there", " ", ""]);
    await permit.prepare(["hello there"]);
    expect(asked).toHaveLength(1);
  });

  test("a text that it has not seen does not leave", () => {
    expect(() => permitOf().conceal("hello there")).toThrow(expect.objectContaining({ code: "EGRESS_BLOCKED" }));
  });

  test.each<[string, typeof answer]>([
    ["an error", (_, response) => void response.writeHead(500).end()],
    ["no JSON", (_, response) => void response.end("<html>")],
    ["another shape", (_, response) => void response.end('{"found": []}')],
    [
      "spans outside the text",
      (_, response) => void response.end('[{"entity_type":"A","start":0,"end":900,"score":1}]'),
    ],
    ["a redirect", (_, response) => void response.writeHead(307, { location: "http://127.0.0.1:9/" }).end()],
    ["nothing at all", (_, response) => void response.destroy()],
    ["too late", (_, response) => void sleep(400).then(() => response.end("[]"))],
    ["without end", (_, response) => void response.end(`["${"x".repeat(2_000_000)}"]`)],
  ])("fails closed when it answers with %s", async (_, reply) => {
    answer = reply;
    const permit = permitOf(150);
    const failure = await permit.prepare(["my secret Qwertyx"]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "EGRESS_BLOCKED", message: expect.not.stringContaining("Qwertyx") });
    expect(() => permit.conceal("my secret Qwertyx")).toThrow(expect.objectContaining({ code: "EGRESS_BLOCKED" }));
  });

  test("fails closed when the principal's directory cannot be read", async () => {
    const permit = createPermit({
      class: "sanitized",
      confidential: true,
      directory: async () => {
        throw new Error("the database is down");
      },
    });
    await expect(permit.prepare(["hello"])).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(() => permit.conceal("hello")).toThrow(expect.objectContaining({ code: "EGRESS_BLOCKED" }));
  });
});

describe("its address", () => {
  test.each(["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.9", "[::1]", "[fd00::1]", "presidio-analyzer"])(
    "%s is this machine or its own network",
    (host) => expect(isPrivateHost(host)).toBe(true),
  );

  test.each(["8.8.8.8", "example.com", "[2001:4860:4860::8888]", "presidio.example.org", "1.1", "localhost.example"])(
    "%s may be anybody's, so confidential texts are not sent there",
    (host) => {
      expect(isPrivateHost(new URL(`http://${host}`).hostname)).toBe(false);
      expect(() => createLocalRecogniser({ url: `http://${host}`, languages: ["en"] })).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID" }),
      );
    },
  );
});
