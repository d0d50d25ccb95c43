import autocannon from "autocannon";
import { type ServerProcess, startServer } from "../tests/support/server-process.ts";

export interface HttpFigures {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

const load = async (
  server: ServerProcess,
  body: object,
  connections: number,
  seconds: number,
): Promise<HttpFigures> => {
  const result = await autocannon({
    url: `${server.url}/v1/chat/completions`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    connections,
    duration: seconds,
  });
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx,
  };
};

const question = (text: string) => ({ model: "athena", messages: [{ role: "user", content: text }] });

/** Facts-only answers over HTTP: alone, then at 16 connections; the client runs on the same cores. */
export const benchFacts = async () => {
  const server = await startServer();
  try {
    await load(server, question("How high is Gdańsk airport?"), 4, 3);
    const alone = await load(server, question("How high is Gdańsk airport?"), 1, 8);
    const at16 = await load(server, question("How high is Gdańsk airport?"), 16, 12);
    return { alone, at16 };
  } finally {
    await server.stop();
  }
};

/** The same with a stub model server that answers at once: what the engine adds to a model call. */
export const benchModel = async (openaiUrl: string) => {
  const server = await startServer({ environment: { OPENAI_BASE_URL: openaiUrl, OPENAI_API_KEY: "none" } });
  try {
    await load(server, question("Write a line about rivers."), 4, 3);
    return {
      alone: await load(server, question("Write a line about rivers."), 1, 8),
      at16: await load(server, question("Write a line about rivers."), 16, 12),
    };
  } finally {
    await server.stop();
  }
};
