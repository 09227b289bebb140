/**
 * The vectors of an answer of /v1/embeddings, in the order of the inputs, whether they came as numbers or in base64
 * (little-endian 32-bit floats, as OpenAI sends them). A sentence where it is no such answer.
 * Form: OpenAI's API reference, "The embedding object".
 */
export function readEmbeddings(answer: unknown, count: number): Float32Array[] | string {
  const data = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return 'its answer has no “data”';
  if (data.length !== count) return `it gave ${data.length} vectors for ${count} texts`;
  const vectors: Float32Array[] = [];
  for (const [place, item] of data.entries()) {
    const { index = place, embedding } = (item ?? {}) as { index?: unknown; embedding?: unknown };
    if (
      typeof index !== 'number' ||
      !Number.isInteger(index) ||
      index < 0 ||
      index >= count ||
      vectors[index]
    ) {
      return 'its vectors are not numbered as the texts are';
    }
    const vector = typeof embedding === 'string' ? fromBase64(embedding) : fromNumbers(embedding);
    if (!vector) return 'its vectors are not made of numbers';
    vectors[index] = vector;
  }
  return vectors;
}

/** The ids of an answer of /v1/models. */
export function readModelNames(answer: unknown): string[] | string {
  const data = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return 'its list of models has no “data”';
  const names = data.map(item => (item as { id?: unknown } | null)?.id);
  return names.every(name => typeof name === 'string') ? (names as string[]) : 'its models have no names';
}

function fromNumbers(embedding: unknown): Float32Array | undefined {
  if (!Array.isArray(embedding) || embedding.length === 0) return undefined;
  return embedding.every(value => typeof value === 'number' && Number.isFinite(value))
    ? Float32Array.from(embedding as number[])
    : undefined;
}

function fromBase64(embedding: string): Float32Array | undefined {
  let binary: string;
  try {
    binary = atob(embedding);
  } catch {
    return undefined;
  }
  if (binary.length === 0 || binary.length % 4 !== 0) return undefined;
  const bytes = new DataView(Uint8Array.from(binary, character => character.charCodeAt(0)).buffer);
  const vector = Float32Array.from({ length: binary.length / 4 }, (_, i) => bytes.getFloat32(i * 4, true));
  return vector.every(Number.isFinite) ? vector : undefined;
}
