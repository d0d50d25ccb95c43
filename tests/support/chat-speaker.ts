import { setTimeout as delay } from "node:timers/promises";
import { type ChatClient, connectChat } from "./chat-client.ts";

/**
 * Says numbered messages, one after the other, as a careful client does: each is sent again under the same id, over a new
 * connection if need be, until it is acknowledged.
 */
export const createChatSpeaker = (urlOf: () => string, hello: object, name: string) => {
  const acknowledged: string[] = [];
  let client: ChatClient | undefined;

  const connected = async (): Promise<ChatClient> => {
    for (;;) {
      if (client?.socket.readyState === client?.socket.OPEN && client) return client;
      try {
        client = await connectChat(urlOf(), hello);
        if (client.of("welcome").length > 0) return client;
        client.socket.terminate();
      } catch {
        // The server is away.
      }
      client = undefined;
      await delay(50);
    }
  };

  return {
    /** Texts that were acknowledged, in order. */
    acknowledged,
    async say(number: number): Promise<void> {
      const id = `${name}-${number}`;
      for (;;) {
        const current = await connected();
        current.send({ type: "message", id, text: `${name} says ${number}`, reply: false });
        const from = performance.now();
        let refused = false;
        while (current.socket.readyState === current.socket.OPEN && performance.now() - from < 5_000) {
          const answer = current.frames.find(({ ref, type }) => ref === id && (type === "message" || type === "error"));
          if (answer?.type === "message") {
            acknowledged.push(`${name} says ${number}`);
            return;
          }
          refused = answer !== undefined;
          if (refused) break;
          await delay(5);
        }
        if (refused) await delay(100);
        current.socket.terminate();
        client = undefined;
      }
    },
    close: () => client?.socket.terminate(),
  };
};
