/** A term as a signed 32-bit number other than 0 (FNV-1a with the end of murmur3): what postings are kept under. */
export const hashTerm = (term: string): number => {
  let hash = 2_166_136_261;
  for (let index = 0; index < term.length; index += 1) {
    hash = Math.imul(hash ^ term.charCodeAt(index), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0 || 1;
};
