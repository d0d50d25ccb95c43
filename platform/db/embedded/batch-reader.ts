/** What a client's bytes ask for: encryption, to leave, or to run messages (`isWhole`: the server is ready for others after them). */
export type Request =
  | { readonly kind: "encrypt" | "leave" }
  | { readonly kind: "run"; readonly bytes: Buffer; readonly isWhole: boolean };

/** Codes that stand where a protocol version would. */
const encryptionCodes: ReadonlySet<number> = new Set([80_877_103, 80_877_104]);
const cancelCode = 80_877_102;
const longestMessage = 1 << 30;
const type = { sync: 0x53, query: 0x51, functionCall: 0x46, flush: 0x48, terminate: 0x58 };

/**
 * Cuts what a client of PostgreSQL sends into requests, whatever the borders of the chunks.
 * A batch (Parse, Bind, Execute … Sync) stays in one piece, because all clients share PGlite's one session.
 */
export const createBatchReader = () => {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = 8;
  let hasBegun = false;
  let batch: Buffer[] = [];

  /** The next message, or undefined until more has come. */
  const nextMessage = (): Buffer | undefined => {
    if (size < needed) return undefined;
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
    const length = hasBegun ? 1 + bytes.readInt32BE(1) : bytes.readInt32BE(0);
    if (length < (hasBegun ? 5 : 8) || length > longestMessage)
      throw new Error("not a message of PostgreSQL's protocol");
    needed = length;
    if (size < needed) {
      chunks = [bytes];
      return undefined;
    }
    chunks = length < size ? [bytes.subarray(length)] : [];
    size -= length;
    return bytes.subarray(0, length);
  };

  const toRequest = (message: Buffer): Request | undefined => {
    if (!hasBegun) {
      const code = message.readInt32BE(4);
      if (encryptionCodes.has(code)) return { kind: "encrypt" };
      if (code === cancelCode) return { kind: "leave" };
      hasBegun = true;
      return { kind: "run", bytes: message, isWhole: true };
    }
    const kind = message[0];
    if (kind === type.terminate) return { kind: "leave" };
    batch.push(message);
    const isWhole = kind === type.sync || kind === type.query || kind === type.functionCall;
    if (!isWhole && kind !== type.flush) return undefined;
    const bytes = batch.length === 1 ? message : Buffer.concat(batch);
    batch = [];
    return { kind: "run", bytes, isWhole };
  };

  /** Takes a chunk and gives the requests that are complete. @throws {Error} when it cannot be PostgreSQL's protocol */
  return (chunk: Buffer): Request[] => {
    chunks.push(chunk);
    size += chunk.length;
    const requests: Request[] = [];
    for (let message = nextMessage(); message !== undefined; message = nextMessage()) {
      const request = toRequest(message);
      if (request !== undefined) requests.push(request);
      needed = hasBegun ? 5 : 8;
    }
    return requests;
  };
};
