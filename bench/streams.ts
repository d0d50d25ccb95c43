import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../tests/support/server-process.ts";

const openStream = async (url: string): Promise<boolean> => {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "athena",
      stream: true,
      messages: [{ role: "user", content: "Write a story about a river." }],
    }),
  });
  if (!response.ok) return false;
  const text = await response.text();
  return text.includes('"finish_reason":"stop"') && text.endsWith("data: [DONE]\n\n");
};

/** Resident memory at rest and under parallel streams (MiB), and how many of them complete. */
export const benchStreams = async (openaiUrl: string) => {
  const server = await startServer({ environment: { OPENAI_BASE_URL: openaiUrl, OPENAI_API_KEY: "none" } });
  try {
    await sleep(10_000); // the first start trains the classifier beside serving
    const atRest = await server.memory();
    const measure = async (count: number) => {
      let highest = 0;
      const sampling = setInterval(async () => (highest = Math.max(highest, await server.memory())), 200);
      const ended = await Promise.all(Array.from({ length: count }, () => openStream(server.url).catch(() => false)));
      clearInterval(sampling);
      return { count, completed: ended.filter(Boolean).length, highest };
    };
    const under200 = await measure(200);
    const under500 = await measure(500);
    await sleep(5_000);
    return { atRest, under200, under500, afterwards: await server.memory() };
  } finally {
    await server.stop();
  }
};
