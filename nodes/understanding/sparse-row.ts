/** The features of one text that are not zero, and their values. */
export interface SparseRow {
  readonly ids: Int32Array;
  readonly values: Float32Array;
}
