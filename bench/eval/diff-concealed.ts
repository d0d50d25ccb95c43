const placeholder = /⟨[A-Z][A-Z_]{0,30}_\d{1,9}⟩/g;

/**
 * Which characters of the original a concealed text does not show: 1 for each hidden one. `restore` gives back what a
 * placeholder stands for.
 * @throws {Error} when the two do not fit, which means that restoring would not give the original back.
 */
export const diffConcealed = (
  original: string,
  concealed: string,
  restore: (placeholder: string) => string,
): Uint8Array => {
  const hidden = new Uint8Array(original.length);
  let at = 0;
  let from = 0;
  for (const match of concealed.matchAll(placeholder)) {
    const value = restore(match[0]);
    at += match.index - from;
    from = match.index + match[0].length;
    if (value !== match[0]) hidden.fill(1, at, at + value.length);
    at += value.length;
  }
  if (at + concealed.length - from !== original.length)
    throw new Error("The concealed text does not restore to the original.");
  return hidden;
};
