import cosine from '../../assembly/cosine.ts?wasm';

/** What assembly/cosine.ts exports; pointers and strides are bytes into the memory that it was started with. */
export interface Cosine {
  dots(query: number, rows: number, stride: number, count: number, out: number): void;
  dots8(query: number, rows: number, stride: number, count: number, out: number): void;
  above(scores: number, factors: number, count: number, scale: number, least: number, found: number): number;
  pack8(rows: number, stride: number, count: number, out: number, width: number, scales: number): void;
  distances8(
    rows: number,
    stride: number,
    packed: number,
    width: number,
    scales: number,
    count: number,
    out: number,
  ): void;
  highest(
    products: number,
    factors: number,
    errors: number,
    count: number,
    scale: number,
    slack: number,
    least: number,
    found: number,
  ): number;
}

/** Bytes of WebAssembly memory come in pages of so many. */
export const PAGE = 1 << 16;
/** The most that a memory of 32-bit addresses has. */
const MOST_PAGES = 1 << 16;

/** The products, and a memory of at least so many bytes that may grow. */
export async function startCosine(bytes: number): Promise<{ stages: Cosine; memory: WebAssembly.Memory }> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MOST_PAGES });
  const { instance } = await WebAssembly.instantiate(cosine, { env: { memory } });
  return { stages: instance.exports as unknown as Cosine, memory };
}
