import { createServer, type Server, type Socket } from "node:net";
import type { PGlite } from "@electric-sql/pglite";
import { createBatchReader } from "./batch-reader.ts";

export interface SessionBridgeOptions {
  readonly database: Pick<PGlite, "execProtocolRawStream" | "isInTransaction" | "exec">;
  /** A transaction in which nothing happens for so long is ended, for all others wait for it. */
  readonly idleInTransactionMs: number;
  /** Called when the database itself broke (not a statement): nothing it says can be trusted any more. */
  readonly onBroken: (error: unknown) => void;
}

interface Turn {
  readonly socket: Socket;
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

const refusesEncryption = Buffer.from("N");
const sync = Buffer.from([0x53, 0, 0, 0, 4]);

/**
 * A server of PostgreSQL's protocol for the one session that PGlite has. Batches of several connections take turns whole, and
 * a transaction keeps the session to itself until it ends or its connection closes.
 *
 * Stands in for pglite-socket 0.2.17, which queues single messages: with values above 64 KB one connection's Bind meets the
 * statement that another has parsed meanwhile (44 of 200 statements failed on 8 connections). Measured for an insert by a
 * prepared statement: 0.13 ms here, 0.30 ms there, which handles and answers each message by itself.
 */
export const createSessionBridge = ({ database, idleInTransactionMs, onBroken }: SessionBridgeOptions): Server => {
  let turns: Turn[] = [];
  let holder: Socket | undefined;
  let isRunning = false;
  let idle: NodeJS.Timeout | undefined;

  const run = async ({ socket, bytes, isWhole }: Turn): Promise<void> => {
    const replies: Buffer[] = [];
    // The parts are views of PGlite's memory, which the next statement overwrites.
    await database.execProtocolRawStream(bytes, { onRawData: (part) => replies.push(Buffer.from(part)) });
    if (socket.writable) socket.write(replies.length === 1 ? (replies[0] as Buffer) : Buffer.concat(replies));
    holder = !isWhole || database.isInTransaction() ? socket : undefined;
  };

  /** Ends what a connection that has gone left open. */
  const rollBack = async (): Promise<void> => {
    holder = undefined;
    await database.execProtocolRawStream(sync, { onRawData: () => undefined });
    if (database.isInTransaction()) await database.exec("ROLLBACK");
  };

  const nextTurn = (): Turn | undefined => {
    const index = holder === undefined ? 0 : turns.findIndex(({ socket }) => socket === holder);
    return index < 0 ? undefined : turns.splice(index, 1)[0];
  };

  const takeTurns = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(idle);
    try {
      for (;;) {
        if (holder?.destroyed === true) await rollBack();
        const turn = nextTurn();
        if (turn === undefined) break;
        await run(turn);
      }
    } catch (error) {
      onBroken(error);
      return;
    }
    isRunning = false;
    const waitedFor = holder;
    if (waitedFor !== undefined) idle = setTimeout(() => waitedFor.destroy(), idleInTransactionMs);
  };

  return createServer((socket) => {
    const read = createBatchReader();
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      try {
        for (const request of read(chunk)) {
          if (request.kind === "run") turns.push({ socket, bytes: request.bytes, isWhole: request.isWhole });
          else if (request.kind === "encrypt") socket.write(refusesEncryption);
          else socket.end();
        }
      } catch {
        socket.destroy();
      }
      takeTurns();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      turns = turns.filter((turn) => turn.socket !== socket);
      takeTurns();
    });
  });
};
