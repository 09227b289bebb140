/** Row-major vectors; their count is data.length / dimensions. */
export interface Vectors {
  data: Float32Array;
  dimensions: number;
}
