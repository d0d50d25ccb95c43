import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { SendError } from "../../platform/egress/send-once.ts";
import { AppError, type AppErrorDetails } from "../../platform/errors/app-error.ts";
import type { ErrorCode } from "../../platform/errors/error-codes.ts";
import { expectOk, firstThatAnswers, parseReply, providerUrl } from "../../rag-services/provider.ts";

const fails = (name: string, code: ErrorCode, message = "No.", details: AppErrorDetails = {}) => ({
  name,
  ask: async (): Promise<string> => {
    throw new AppError(code, message, details);
  },
});
const answers = (name: string) => ({ name, ask: async () => `from ${name}` });
const ask = (providers: readonly { name: string; ask: () => Promise<string> }[], locale = "en") =>
  firstThatAnswers(providers, (provider) => provider.ask(), { signal: AbortSignal.timeout(5_000), locale });

describe("the first provider that answers", () => {
  test("wins, with a line for each that failed before", async () => {
    const silent = {
      name: "A",
      ask: async (): Promise<string> => {
        throw new SendError("timeout", "A did not answer in time.");
      },
    };
    const providers = [silent, answers("B"), answers("C")];
    const { value, provider, degraded } = await ask(providers);
    expect([value, provider.name]).toEqual(["from B", "B"]);
    expect(degraded).toEqual([{ part: "A", reason: "A did not answer in time; B was asked instead." }]);
    expect((await ask(providers, "pl")).degraded[0]?.reason).toBe("A nie odpowiada na czas; odpowiada B.");
  });

  test("is sought past those without a key or without the thing, in silence", async () => {
    const { value, degraded } = await ask([fails("A", "NOT_CONFIGURED"), fails("B", "NOT_FOUND"), answers("C")]);
    expect(value).toBe("from C");
    expect(degraded).toEqual([]);
  });

  test("is sought past a provider whose code breaks", async () => {
    const broken = {
      name: "A",
      ask: async (): Promise<string> => {
        throw new TypeError("undefined is not a function");
      },
    };
    expect((await ask([broken, answers("B")])).degraded).toHaveLength(1);
  });

  test.each<[string, readonly ErrorCode[], ErrorCode]>([
    ["what may not leave", ["EGRESS_BLOCKED", "UPSTREAM_UNAVAILABLE"], "EGRESS_BLOCKED"],
    ["what the user must say better", ["INVALID_INPUT", "UPSTREAM_UNAVAILABLE"], "INVALID_INPUT"],
    ["what an answering provider does not have", ["UPSTREAM_UNAVAILABLE", "NOT_FOUND"], "NOT_FOUND"],
    ["that none is set up", ["NOT_CONFIGURED", "NOT_CONFIGURED"], "NOT_CONFIGURED"],
    ["that those set up are down", ["NOT_CONFIGURED", "UPSTREAM_UNAVAILABLE"], "UPSTREAM_UNAVAILABLE"],
    ["that all are down", ["UPSTREAM_UNAVAILABLE", "PROVIDER_TIMEOUT"], "UPSTREAM_UNAVAILABLE"],
  ])("is none: the error says %s", async (_, codes, expected) => {
    const providers = codes.map((code, index) => fails(`P${index}`, code));
    await expect(ask(providers)).rejects.toMatchObject({ code: expected });
  });

  test("is none: the message names who was asked, in the user's language, and nothing else", async () => {
    const providers = [fails("A", "UPSTREAM_UNAVAILABLE", "inner"), fails("B", "UPSTREAM_UNAVAILABLE", "inner")];
    await expect(ask(providers)).rejects.toMatchObject({
      message: "No source could be reached (A and B). Please try again later.",
      retryable: true,
    });
    await expect(ask(providers, "pl")).rejects.toThrow("Nie udało się połączyć z żadnym źródłem (A i B)");
  });

  test("is not sought any more when the caller has left", async () => {
    const caller = new AbortController();
    const asked: string[] = [];
    const leaving = firstThatAnswers(
      [{ name: "A" }, { name: "B" }],
      async ({ name }): Promise<string> => {
        asked.push(name);
        caller.abort(new Error("left"));
        throw new AppError("UPSTREAM_UNAVAILABLE", "No.");
      },
      { signal: caller.signal, locale: "en" },
    );
    await expect(leaving).rejects.toThrow("left");
    expect(asked).toEqual(["A"]);
  });
});

const reply = (text: string, status = 200) => ({ status, text, headers: new Headers() });

describe("a reply", () => {
  test("is parsed by its schema", () => {
    expect(parseReply(z.object({ a: z.number() }), reply('{"a":1,"b":2}'), "A")).toEqual({ a: 1 });
  });

  test("that is no JSON, or JSON of another shape, is a failure of the provider, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseReply(z.object({ neverThere: z.literal("x") }), reply(text), "A");
          return false;
        } catch (error) {
          return (error as AppError).code === "UPSTREAM_UNAVAILABLE" && !(error as AppError).retryable === false;
        }
      }),
    );
  });

  test("with a bad status tells its kind without the provider's words", () => {
    expect(() => expectOk(reply("secret", 404), "A")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    for (const status of [301, 400, 401, 403]) {
      expect(() => expectOk(reply("secret", status), "A")).toThrow(
        expect.objectContaining({ code: "UPSTREAM_UNAVAILABLE", message: expect.not.stringContaining("secret") }),
      );
    }
  });
});

test("an address keeps the path of its base and leaves out what is undefined", () => {
  for (const base of ["http://127.0.0.1:9/mirror", "http://127.0.0.1:9/mirror/"]) {
    expect(providerUrl(base, "/v1/x", { q: "a b&c", page: 2, none: undefined }).href).toBe(
      "http://127.0.0.1:9/mirror/v1/x?q=a+b%26c&page=2",
    );
  }
});
