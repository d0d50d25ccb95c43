import { setTimeout as sleep } from "node:timers/promises";
import { startModelServer } from "./model-server.ts";
import { removeDataDir, startServer } from "./server-process.ts";
import { usedDataDir } from "./used-data-dir.ts";

export interface KillOutcome {
  readonly kills: number;
  /** Queries whose message was acknowledged before the kill (the response head with the thread's id had arrived). */
  readonly acknowledged: number;
  /** Acknowledged messages that are not in the timeline after the restart. */
  readonly lost: number;
  /** Threads whose positions are not 1, 2, 3 … */
  readonly gaps: number;
}

const restartAfterMs = 300;

/** Kills a serving engine with SIGKILL in the middle of many streamed answers, starts it again on the same data and looks. */
export const killDuringStreams = async ({
  rounds,
  streams,
}: {
  readonly rounds: number;
  readonly streams: number;
}): Promise<KillOutcome> => {
  const model = await startModelServer({
    reply: {
      text: Array.from({ length: 200 }, (_, piece) => `Sentence number ${"abcdefghij"[piece % 10]} of it. `),
      chunkDelayMs: 20,
    },
  });
  const dataDir = await usedDataDir();
  const environment = { OPENAI_BASE_URL: model.openaiUrl, OPENAI_API_KEY: "none" };
  const sum = { kills: 0, acknowledged: 0, lost: 0, gaps: 0 };
  try {
    let server = await startServer({ dataDir, environment });
    for (let round = 0; round < rounds; round += 1) {
      const acknowledged = new Map<string, string>();
      const client = new AbortController();
      const ask = async (index: number) => {
        const content = `Tell me story ${round}-${index} about a river.`;
        const response = await fetch(`${server.url}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ model: "athena", stream: true, messages: [{ role: "user", content }] }),
          signal: client.signal,
        });
        const thread = response.headers.get("x-athena-thread");
        if (response.ok && thread) acknowledged.set(thread, content);
        await response.text();
      };
      // The kill breaks every one of them off: that is the point, not a failure.
      const asking = Array.from({ length: streams }, (_, index) => ask(index).catch(() => undefined));
      // Kill while some streams run and others are still being accepted.
      const wanted = Math.ceil(streams * (0.2 + 0.8 * ((round + 1) / rounds)));
      const deadline = performance.now() + 10_000;
      while (acknowledged.size < wanted && performance.now() < deadline) await sleep(5);
      await server.stop("SIGKILL");
      client.abort();
      await Promise.all(asking);
      await sleep(restartAfterMs);
      server = await startServer({ dataDir, environment });
      sum.kills += 1;
      sum.acknowledged += acknowledged.size;
      for (const [thread, content] of acknowledged) {
        const reply = await fetch(`${server.url}/threads/${thread}/messages?after=0&limit=100`);
        const { messages = [] } = (await reply.json()) as {
          messages?: { position: number; role: string; content: string }[];
        };
        if (!messages.some((message) => message.role === "user" && message.content === content)) sum.lost += 1;
        if (messages.some((message, index) => message.position !== index + 1)) sum.gaps += 1;
      }
    }
    await server.stop();
    return sum;
  } finally {
    await model.close();
    await removeDataDir(dataDir);
  }
};
