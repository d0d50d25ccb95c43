import type { ClassifierModel } from "./classifier-model.ts";

/** Changes whenever features or training change, so that a model cached by another version is never used. */
export const modelVersion = "athena-classifier-5";

interface Header {
  readonly version: string;
  readonly intents: readonly string[];
  readonly reject: number;
  readonly confidence: readonly number[];
  readonly features: number;
  readonly words: number;
  readonly vectors?: { readonly dimensions: number; readonly weight: number; readonly confidence: readonly number[] };
}

// Single bytes come last, so that the others lie on multiples of four.
const arraysOf = ({ vocabulary, coverage, linear, vectors }: ClassifierModel) => [
  vocabulary.hashes,
  vocabulary.weights,
  linear.bias,
  linear.weights,
  coverage.hashes,
  coverage.rarity,
  ...(vectors ? [vectors.linear.bias, vectors.linear.weights] : []),
  coverage.seen,
];

/** The model as one block of bytes: length of the header, header as JSON padded to four bytes, then the arrays. */
export const toBytes = (model: ClassifierModel): Uint8Array => {
  const header: Header = {
    version: modelVersion,
    intents: model.intents,
    reject: model.reject,
    confidence: model.confidence,
    features: model.vocabulary.hashes.length,
    words: model.coverage.hashes.length,
    ...(model.vectors
      ? {
          vectors: {
            dimensions: model.vectors.linear.weights.length / Math.max(1, model.intents.length),
            weight: model.vectors.weight,
            confidence: model.vectors.confidence,
          },
        }
      : {}),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = 4 + Math.ceil(json.length / 4) * 4;
  const arrays = arraysOf(model);
  const bytes = new Uint8Array(headerLength + arrays.reduce((sum, array) => sum + array.byteLength, 0)).fill(
    0x20,
    0,
    headerLength,
  );
  new DataView(bytes.buffer).setUint32(0, headerLength, true);
  bytes.set(json, 4);
  let offset = headerLength;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return bytes;
};

/** Reads what `toBytes` wrote, sharing its memory; undefined when it is another version's, cut off or garbage. */
export const fromBytes = (bytes: Uint8Array): ClassifierModel | undefined => {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const header = readHeader(aligned);
  if (!header) return undefined;
  const { intents, reject, confidence, features, words, vectors, headerLength } = header;
  const classes = intents.length;
  const ofVectors = vectors ? classes + vectors.dimensions * classes : 0;
  const numbers = 2 * features + classes + features * classes + 2 * words + 1 + ofVectors;
  if (aligned.byteLength !== headerLength + 4 * numbers + words * classes) return undefined;
  let offset = aligned.byteOffset + headerLength;
  const next = <View extends ArrayBufferView>(
    View: new (buffer: ArrayBufferLike, offset: number, length: number) => View,
    length: number,
  ): View => {
    const view = new View(aligned.buffer, offset, length);
    offset += view.byteLength;
    return view;
  };
  const hashes = next(Int32Array, features);
  const weights = next(Float32Array, features);
  const bias = next(Float32Array, classes);
  const linear = { classes, bias, weights: next(Float32Array, features * classes) };
  const wordHashes = next(Int32Array, words);
  const rarity = next(Float32Array, words + 1);
  const head = vectors && {
    linear: { classes, bias: next(Float32Array, classes), weights: next(Float32Array, vectors.dimensions * classes) },
    weight: vectors.weight,
    confidence: vectors.confidence,
  };
  const coverage = { hashes: wordHashes, rarity, seen: next(Uint8Array, words * classes) };
  return {
    intents,
    reject,
    confidence,
    vocabulary: { hashes, weights },
    linear,
    coverage,
    ...(head ? { vectors: head } : {}),
  };
};

const readHeader = (bytes: Uint8Array): (Header & { readonly headerLength: number }) | undefined => {
  if (bytes.byteLength < 8) return undefined;
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (headerLength % 4 !== 0 || headerLength > bytes.byteLength) return undefined;
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, headerLength))) as Header;
    return header.version === modelVersion ? { ...header, headerLength } : undefined;
  } catch {
    return undefined;
  }
};
