import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Gives one vector for each text, in order, all of one length. */
export type EmbedTexts = (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>;

export interface ExampleVectorsDeps {
  /** Where vectors are kept; undefined: only in memory. */
  readonly cacheDir?: string | undefined;
  /** Name of the embedding model: vectors of different ones never mix. */
  readonly model: string;
  readonly embed: EmbedTexts;
}

/** Texts in one request. */
const batch = 128;
const keyLength = 16;

const keyOf = (text: string): string =>
  createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, 2 * keyLength);

/**
 * Vectors of the examples: those not seen before are asked for in batches, the others come from a file, by content. The
 * function rejects as `embed` does; what had been fetched by then is kept.
 */
export const createExampleVectors = ({ cacheDir, model, embed }: ExampleVectorsDeps) => {
  const name = createHash("sha256").update(model).digest("hex").slice(0, 32);
  const file = cacheDir === undefined ? undefined : join(cacheDir, `vectors-${name}.bin`);
  let known: Map<string, Float32Array> | undefined;
  return async function vectorsOf(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    known ??= file === undefined ? new Map() : readVectors(await readFile(file).catch(() => new Uint8Array()));
    const keys = texts.map(keyOf);
    const missing = new Map(keys.flatMap((key, row) => (known?.has(key) ? [] : [[key, texts[row] ?? ""] as const])));
    const wanted = [...missing];
    try {
      for (let start = 0; start < wanted.length; start += batch) {
        signal.throwIfAborted();
        const part = wanted.slice(start, start + batch);
        const vectors = await embed(
          part.map(([, text]) => text),
          signal,
        );
        for (const [index, [key]] of part.entries()) {
          const vector = vectors[index];
          if (vector) known.set(key, vector);
        }
      }
    } finally {
      if (file !== undefined && wanted.length > 0) await writeVectors(file, known).catch(() => undefined);
    }
    const found = keys.map((key) => known?.get(key) ?? new Float32Array());
    const { length = 0 } = found[0] ?? [];
    // The same name now stands for another model: nothing kept under it can be used.
    if (found.some((vector) => vector.length !== length || length === 0)) {
      known.clear();
      throw new Error("The embedding model gives vectors of different lengths.");
    }
    const used = new Set(keys);
    for (const key of [...known.keys()]) if (!used.has(key)) known.delete(key);
    return found;
  };
};

/** Number of vectors and their length, then the keys, then the vectors. */
const writeVectors = async (file: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> => {
  const length = vectors.values().next().value?.length ?? 0;
  const rows = [...vectors].filter(([, vector]) => vector.length === length);
  const bytes = Buffer.alloc(8 + rows.length * (keyLength + 4 * length));
  bytes.writeUInt32LE(rows.length, 0);
  bytes.writeUInt32LE(length, 4);
  for (const [row, [key, vector]] of rows.entries()) {
    bytes.write(key, 8 + row * keyLength, "hex");
    const at = 8 + rows.length * keyLength + row * 4 * length;
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at);
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, bytes, { mode: 0o600 });
  await rename(temporary, file);
};

/** Reads what `writeVectors` wrote; empty when it is cut off or garbage. */
const readVectors = (bytes: Uint8Array): Map<string, Float32Array> => {
  const vectors = new Map<string, Float32Array>();
  const view = Buffer.from(bytes);
  if (view.length < 8) return vectors;
  const count = view.readUInt32LE(0);
  const length = view.readUInt32LE(4);
  if (view.length !== 8 + count * (keyLength + 4 * length)) return vectors;
  for (let row = 0; row < count; row += 1) {
    const key = view.toString("hex", 8 + row * keyLength, 8 + (row + 1) * keyLength);
    const at = 8 + count * keyLength + row * 4 * length;
    vectors.set(key, new Float32Array(view.buffer.slice(view.byteOffset + at, view.byteOffset + at + 4 * length)));
  }
  return vectors;
};
