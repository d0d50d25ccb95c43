import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Audit, AuditEntry } from "../../platform/events/audit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { IdempotencyStore } from "../../platform/policy/idempotency.ts";
import { createExecuteTool, type ExecuteToolDeps } from "../../tools/create-execute-tool.ts";
import { defineTool, type Tool } from "../../tools/tool.ts";
import { toolContext } from "./support.ts";

/** Keeps reservations as the table does: one key, one body, one result. */
const callMemory = (): IdempotencyStore & {
  readonly kept: Map<string, { hash: string; result?: { status: number; body: unknown } }>;
} => {
  const kept = new Map<string, { hash: string; result?: { status: number; body: unknown } }>();
  return {
    kept,
    async begin(scope, key, hash, { takeOver = false } = {}) {
      const row = kept.get(`${scope}/${key}`);
      const isNothing = takeOver && row?.hash === hash && (row.result?.status ?? 500) >= 500;
      if (!row || isNothing) {
        kept.set(`${scope}/${key}`, { hash });
        return { state: "fresh" };
      }
      if (row.hash !== hash) return { state: "mismatch" };
      return row.result ? { state: "replay", ...row.result } : { state: "running" };
    },
    async finish(scope, key, status, body) {
      const row = kept.get(`${scope}/${key}`);
      if (!row) throw new Error("finished without a reservation");
      row.result = { status, body: structuredClone(body) };
    },
    async abandon(scope, key) {
      kept.delete(`${scope}/${key}`);
    },
  };
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const setUp = (tools: readonly Tool[], given: Partial<ExecuteToolDeps> = {}) => {
  const rows: AuditEntry[] = [];
  const logged: unknown[] = [];
  const metrics = createMetrics();
  const memory = callMemory();
  const log = (...parts: unknown[]) => void logged.push(parts);
  const { executeTool, close } = createExecuteTool({
    tools,
    idempotency: memory,
    audit: { append: async (entry) => ({ id: rows.push(entry), hash: "" }) },
    metrics,
    logger: { error: log, warn: log } as unknown as ExecuteToolDeps["logger"],
    timeoutMs: 100,
    ...given,
  });
  closers.push(close);
  const counted = async (tool: string, status: string) =>
    (await metrics.toolCalls.get()).values.find((one) => one.labels.tool === tool && one.labels.status === status)
      ?.value;
  return { executeTool, close, rows, logged, memory, counted };
};

const toolOf = (given: Partial<Tool> & { readonly run?: Tool["run"] } = {}): Tool => ({
  name: "echo",
  description: "Says its input.",
  input: z.object({ text: z.string() }),
  output: z.object({ said: z.string() }),
  allowedRoles: ["user"],
  scopes: [],
  effect: "read",
  idempotent: true,
  run: async (input) => ({ said: (input as { text: string }).text }),
  render: (output) => `It said ${(output as { said: string }).said}.`,
  ...given,
});

const effects = (given: Partial<Tool> = {}) => {
  const done: string[] = [];
  const tool = toolOf({
    effect: "write",
    idempotent: false,
    async run(input) {
      const { text } = input as { text: string };
      done.push(text);
      return { said: text };
    },
    ...given,
  });
  return { tool, done };
};

describe("a call", () => {
  test("gives output and words, and is counted and audited without its content", async () => {
    const { executeTool, close, rows, counted } = setUp([toolOf()]);
    const outcome = await executeTool("echo", { text: "secret words" }, toolContext());
    expect(outcome).toMatchObject({
      status: "ok",
      output: { said: "secret words" },
      text: "It said secret words.",
      replayed: false,
    });
    expect(outcome.ms).toBeGreaterThanOrEqual(0);
    await close();
    expect(rows).toEqual([
      {
        actor: "local",
        action: "tools.run",
        resource: "tool:echo",
        outcome: "ok",
        payload: { effect: "read", ms: expect.any(Number) },
      },
    ]);
    expect(await counted("echo", "ok")).toBe(1);
  });

  test("of a tool that does not exist is an outcome, and its made-up name is kept nowhere", async () => {
    const { executeTool, close, rows, counted } = setUp([toolOf()]);
    expect(await executeTool("rm -rf", {}, toolContext())).toMatchObject({ status: "unknown_tool" });
    await close();
    expect(rows[0]).toMatchObject({ resource: "tool:unknown", outcome: "unknown_tool" });
    expect(await counted("unknown", "unknown_tool")).toBe(1);
  });

  test("without a permitted role is denied with a sentence and audited before the answer", async () => {
    const { tool, done } = effects({ allowedRoles: ["admin"] });
    const { executeTool, rows } = setUp([tool]);
    expect(await executeTool("echo", { text: "x" }, toolContext())).toMatchObject({
      status: "denied",
      reason: "You are not allowed to use echo.",
    });
    expect(rows).toMatchObject([{ outcome: "denied", actor: "local" }]);
    expect(await executeTool("echo", { text: "x" }, toolContext({ locale: "pl" }))).toMatchObject({
      reason: "Nie masz uprawnień do echo.",
    });
    expect(done).toEqual([]);
  });

  test("with wrong input names the field and runs nothing", async () => {
    const { tool, done } = effects();
    const { executeTool } = setUp([tool]);
    const outcome = await executeTool("echo", { text: 5 }, toolContext());
    expect(outcome).toMatchObject({ status: "invalid", reason: expect.stringContaining("text: ") });
    expect(done).toEqual([]);
  });

  test.each([
    ["INVALID_INPUT", "invalid"],
    ["POLICY_DENIED", "denied"],
    ["UPSTREAM_UNAVAILABLE", "failed"],
  ] as const)("that throws %s is %s with the error's own sentence", async (code, status) => {
    const run = () => Promise.reject(new AppError(code, "A sentence."));
    const { executeTool } = setUp([toolOf({ run })]);
    expect(await executeTool("echo", { text: "x" }, toolContext())).toMatchObject({ status, reason: "A sentence." });
  });

  test("that throws something else fails without showing or, when confidential, logging what it said", async () => {
    const run = () => Promise.reject(new Error("password hunter2"));
    const { executeTool, logged } = setUp([toolOf({ run })]);
    const outcome = await executeTool("echo", { text: "x" }, toolContext({ confidential: true }));
    expect(outcome).toMatchObject({ status: "failed", reason: "echo failed." });
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain("hunter2");
  });

  test("whose output is not what the tool promises fails", async () => {
    const { executeTool } = setUp([toolOf({ run: async () => ({ wrong: true }) })]);
    expect(await executeTool("echo", { text: "x" }, toolContext())).toMatchObject({ status: "failed" });
  });

  test("that ignores its signal is left behind at the time-out, and the signal has aborted", async () => {
    let seen: AbortSignal | undefined;
    const run: Tool["run"] = (_, { signal }) => {
      seen = signal;
      return new Promise(() => {});
    };
    const { executeTool } = setUp([toolOf({ run, timeoutMs: 20 })]);
    expect(await executeTool("echo", { text: "x" }, toolContext())).toMatchObject({
      status: "timeout",
      reason: "echo took longer than 0.02 s.",
    });
    expect(seen?.aborted).toBe(true);
  });

  test("that obeys its signal is a time-out as well", async () => {
    const run: Tool["run"] = (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { executeTool } = setUp([toolOf({ run, timeoutMs: 20 })]);
    expect((await executeTool("echo", { text: "x" }, toolContext())).status).toBe("timeout");
  });

  test("rejects with the caller's reason when the caller leaves, and is audited as aborted", async () => {
    const { executeTool, close, rows } = setUp([toolOf({ run: () => new Promise(() => {}) })]);
    const left = new AbortController();
    const running = executeTool("echo", { text: "x" }, toolContext({ signal: left.signal }));
    left.abort(new Error("gone"));
    await expect(running).rejects.toThrow("gone");
    await close();
    expect(rows).toMatchObject([{ outcome: "aborted" }]);
  });

  test("leaves no listener on a signal that lives long", async () => {
    const run: Tool["run"] = async () => {
      during = Math.max(during, listeners.size);
      return { said: "x" };
    };
    const { executeTool } = setUp([toolOf({ run })]);
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...parts: Parameters<typeof add>) => {
      listeners.add(parts[1]);
      add(...parts);
    }) as typeof add;
    signal.removeEventListener = ((...parts: Parameters<typeof remove>) => {
      listeners.delete(parts[1]);
      remove(...parts);
    }) as typeof remove;
    let during = 0;
    for (let call = 0; call < 50; call++) await executeTool("echo", { text: "x" }, toolContext({ signal }));
    expect(during).toBe(1);
    expect(listeners.size).toBe(0);
  });
});

describe("a call with effects", () => {
  test("has them once for one idempotency key and replays its result", async () => {
    const { tool, done } = effects();
    const { executeTool, rows } = setUp([tool]);
    const first = await executeTool("echo", { text: "once" }, toolContext());
    const second = await executeTool("echo", { text: "once" }, toolContext());
    expect(first).toMatchObject({ status: "ok", replayed: false });
    expect(second).toMatchObject({ status: "ok", replayed: true, output: { said: "once" }, text: "It said once." });
    expect(done).toEqual(["once"]);
    expect(rows).toHaveLength(2);
  });

  test("has them again for another key and for another caller", async () => {
    const { tool, done } = effects();
    const { executeTool } = setUp([tool]);
    await executeTool("echo", { text: "a" }, toolContext());
    await executeTool("echo", { text: "a" }, toolContext({ idempotencyKey: "query-2/step-1" }));
    await executeTool(
      "echo",
      { text: "a" },
      toolContext({ principal: { id: "key:eve", roles: ["user"], profile: "openai" } }),
    );
    expect(done).toHaveLength(3);
  });

  test("is refused when its key was used with other input", async () => {
    const { tool, done } = effects();
    const { executeTool } = setUp([tool]);
    await executeTool("echo", { text: "a" }, toolContext());
    expect(await executeTool("echo", { text: "b" }, toolContext())).toMatchObject({ status: "invalid" });
    expect(done).toEqual(["a"]);
  });

  test("is refused while the same call runs", async () => {
    const { promise, resolve } = Promise.withResolvers<{ said: string }>();
    const { tool } = effects({ run: () => promise });
    const { executeTool } = setUp([tool]);
    const first = executeTool("echo", { text: "a" }, toolContext());
    expect(await executeTool("echo", { text: "a" }, toolContext())).toMatchObject({
      status: "failed",
      reason: "The same call is still running.",
    });
    resolve({ said: "a" });
    expect((await first).status).toBe("ok");
  });

  test("is not made when it cannot be recorded first", async () => {
    const { tool, done } = effects();
    const broken: IdempotencyStore = { ...callMemory(), begin: () => Promise.reject(new Error("no database")) };
    const { executeTool } = setUp([tool], { idempotency: broken });
    expect((await executeTool("echo", { text: "a" }, toolContext())).status).toBe("failed");
    expect(done).toEqual([]);
  });

  test("is tried again after a failure only when the tool says that this is safe", async () => {
    let calls = 0;
    const run: Tool["run"] = async () => {
      calls++;
      throw new AppError("UPSTREAM_UNAVAILABLE", "No answer.");
    };
    const risky = setUp([effects({ run }).tool]);
    await risky.executeTool("echo", { text: "a" }, toolContext());
    expect(await risky.executeTool("echo", { text: "a" }, toolContext())).toMatchObject({
      status: "failed",
      reason: "No answer.",
    });
    expect(calls).toBe(1);
    const safe = setUp([effects({ run, idempotent: true }).tool]);
    await safe.executeTool("echo", { text: "a" }, toolContext());
    await safe.executeTool("echo", { text: "a" }, toolContext());
    expect(calls).toBe(3);
  });

  test("that is said not to have happened is made again, unless it happened or still runs here", async () => {
    let answer = (): Promise<{ said: string }> => Promise.reject(new AppError("UPSTREAM_UNAVAILABLE", "No answer."));
    const { tool, done } = effects({
      run(input) {
        done.push((input as { text: string }).text);
        return answer();
      },
    });
    const { executeTool, memory } = setUp([tool]);
    const repeat = () => executeTool("echo", { text: "a" }, toolContext({ isRepeat: true }));
    await executeTool("echo", { text: "a" }, toolContext());
    const { promise, resolve } = Promise.withResolvers<{ said: string }>();
    answer = () => promise;
    const second = repeat();
    expect(await repeat()).toMatchObject({ status: "failed", reason: "The same call is still running." });
    resolve({ said: "a" });
    expect(await second).toMatchObject({ status: "ok", replayed: false });
    expect(await repeat()).toMatchObject({ status: "ok", replayed: true });
    expect(done).toHaveLength(2);
    // A process died during the call.
    for (const row of memory.kept.values()) delete row.result;
    expect(await repeat()).toMatchObject({ status: "ok", replayed: false });
  });

  test("waits for its audit row; reading calls do not", async () => {
    const { promise, resolve } = Promise.withResolvers<{ id: number; hash: string }>();
    const audit = { append: () => promise };
    const { tool } = effects();
    const { executeTool } = setUp([tool, toolOf({ name: "read" })], { audit });
    expect((await executeTool("read", { text: "a" }, toolContext())).status).toBe("ok");
    let settled = false;
    const writing = executeTool("echo", { text: "a" }, toolContext()).finally(() => {
      settled = true;
    });
    await new Promise((next) => setTimeout(next, 20));
    expect(settled).toBe(false);
    resolve({ id: 1, hash: "" });
    expect((await writing).status).toBe("ok");
  });
});

describe("audit rows", () => {
  test("are written in order when the audit comes back", async () => {
    const rows: string[] = [];
    let down = true;
    const audit: Pick<Audit, "append"> = {
      append: async (entry: AuditEntry) => {
        if (down) throw new Error("down");
        return { id: rows.push(entry.resource), hash: "" };
      },
    };
    const { executeTool, close } = setUp([toolOf(), toolOf({ name: "second" })], { audit });
    await executeTool("echo", { text: "a" }, toolContext());
    await executeTool("second", { text: "a" }, toolContext());
    down = false;
    await close();
    expect(rows).toEqual(["tool:echo", "tool:second"]);
  });

  test("that cannot be written at the end go to the log", async () => {
    const audit = { append: () => Promise.reject(new Error("down")) };
    const { executeTool, close, logged } = setUp([toolOf()], { audit });
    await executeTool("echo", { text: "a" }, toolContext());
    await close();
    expect(JSON.stringify(logged)).toContain('"resource":"tool:echo"');
  });
});

test("two tools of one name are refused at start", () => {
  expect(() => setUp([toolOf(), toolOf()])).toThrow("same name");
});

test("a tool is frozen when it is defined", () => {
  expect(Object.isFrozen(defineTool(toolOf()))).toBe(true);
});
