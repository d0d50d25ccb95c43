import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** What the gate answers instead of the engine. */
export interface GateAnswer {
  readonly status: number;
  readonly code: string;
}

export interface EngineGate {
  readonly url: string;
  /** Decides for each request ("POST /threads/…/append" and its body); undefined lets it through. It may take its time. */
  judge: (call: string, body: string) => GateAnswer | undefined | Promise<GateAnswer | undefined>;
  close(): Promise<void>;
}

/** Stands before a real engine, lets calls through and answers others with a failure as the engine itself would. */
export const openEngineGate = async (engineUrl: () => string): Promise<EngineGate> => {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const answer = await gate.judge(`${request.method} ${request.url}`, body.toString());
    if (answer) {
      const error = { message: "As the gate says.", type: "api_error", param: null, code: answer.code };
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
      return;
    }
    const { method, headers } = request;
    const onward = send(engineUrl() + request.url, { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gate: EngineGate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    judge: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gate;
};
