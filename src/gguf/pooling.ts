import type { Pooling } from '../domain/model.ts';
import type { Architecture } from './architectures.ts';
import type { Family } from './families.ts';
import type { ModelFile } from './model-file.ts';

/** GGUF's pooling types; 0 is none, which for embeddings is as if nothing were said. */
const POOLING: ReadonlyMap<number, Pooling> = new Map([
  [1, 'mean'],
  [2, 'cls'],
  [3, 'last'],
]);
const NONE = 0;
const RANKING = 4;
const SAID: Record<Pooling, string> = {
  mean: 'the mean of all tokens',
  cls: 'the first token',
  last: 'the last token',
};

/**
 * How token vectors become one: what the file says, else what the family's makers do, else the mean for encoders.
 * `notice` tells a person where it was not the file. Throws 'model/unsupported' for rerankers and for models that
 * only generate text.
 */
export function readPooling(
  file: ModelFile,
  architecture: string,
  { kind }: Architecture,
  family: Family | undefined,
): { pooling: Pooling; notice?: string } {
  const type = file.whole(`${architecture}.pooling_type`, 0, 255) ?? NONE;
  if (type === RANKING) throw file.unsupported('it is a reranker, which gives scores and no vectors');
  const said = POOLING.get(type);
  if (said !== undefined) return { pooling: said };
  if (type !== NONE) throw file.unsupported(`its pooling type ${type} is unknown`);
  if (family === undefined && kind === 'decoder') {
    throw file.unsupported('it is a model that generates text, not an embedding model');
  }
  const pooling = family?.pooling ?? 'mean';
  const who = family ? `as ${family.name} models are trained` : 'as most are trained';
  return {
    pooling,
    notice: `The file does not say how token vectors become one: ${SAID[pooling]} is taken, ${who}.`,
  };
}
