import { startServer } from "../tests/support/server-process.ts";
import { percentiles } from "./percentiles.ts";

const warmUp = 10;
const asked = 100;

/**
 * Milliseconds from asking for a long job in a chat to its answer, over HTTP and without a model. Jobs run meanwhile, as they
 * would; each one is cancelled before the next is asked for, so that what is measured is no queue.
 */
export const benchHandOff = async (): Promise<ReturnType<typeof percentiles>> => {
  const server = await startServer({ environment: { ATHENA_JOBS_PARALLEL: "1000" } });
  const post = (path: string, body: object) =>
    fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  try {
    const times: number[] = [];
    for (let index = 0; index < warmUp + asked; index += 1) {
      const started = performance.now();
      const answer = await (await post("/ai/query", { text: "write the report for yesterday" })).text();
      const ms = performance.now() - started;
      const id = /\/v1\/jobs\/([0-9a-f-]{36})/.exec(answer)?.[1];
      if (id === undefined) throw new Error(`No job was begun: ${answer.slice(0, 300)}`);
      if (index >= warmUp) times.push(ms);
      await (await post(`/v1/jobs/${id}/cancel`, {})).arrayBuffer();
    }
    return percentiles(times);
  } finally {
    await server.stop();
  }
};
