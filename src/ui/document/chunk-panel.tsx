import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Chunk } from '../../domain/chunk.ts';
import { client } from '../../state/app.ts';
import { attempt, copyText } from '../app/actions.ts';
import { unknownWords } from '../files/file-state.tsx';
import { Button } from '../parts/button.tsx';
import { Facts } from '../parts/facts.tsx';
import { number } from '../parts/format.ts';
import { Nearest } from '../search/nearest.tsx';
import css from './chunk-panel.module.css';
import { ChunkText } from './chunk-text.tsx';
import { linesWords } from './citation.ts';
import type { OpenDocument } from './use-document.ts';
import { VectorStrip } from './vector-strip.tsx';

interface Props {
  document: OpenDocument;
  chunk: Chunk;
  /** Tokens a chunk at the most. */
  limit: number;
  /** How the document was cut, where the recipe's strategy does not say it. */
  strategy?: string;
  /** Whether its vector is stored: not so in a preview, nor before it is embedded. */
  embedded: boolean;
  /** Chunks of a preview have no vectors. */
  preview: boolean;
}

/** What is known of the chosen chunk. */
export function ChunkPanel({ document, chunk, limit, strategy, embedded, preview }: Props) {
  const { fileId } = document.info;
  const vector = useVector(fileId, chunk.ordinal, embedded);
  return (
    <section className={css.panel} aria-label={`Chunk ${chunk.ordinal + 1}`}>
      <h3>Chunk {number(chunk.ordinal + 1)}</h3>
      <Facts
        facts={[
          ['Page', chunk.page === undefined ? undefined : number(chunk.page)],
          ['Headings', chunk.headings.length > 0 ? chunk.headings.join(' › ') : undefined],
          ['Lines', document.lines && linesWords(document.lines, chunk)],
          ['Characters', `${number(chunk.start)}–${number(chunk.end)}`],
          ['Tokens', `${number(chunk.tokens)} of ${number(limit)}`],
          ['Cut', strategy],
        ]}
      />
      <ChunkText key={chunk.ordinal} chunk={chunk} blocks={document.info.blocks} source={document.text} />
      {chunk.unknown > 0 && <p className={css.warn}>{unknownWords(chunk.unknown)}</p>}
      {vector ? (
        <VectorStrip vector={vector} />
      ) : (
        <p className={css.none}>
          {preview ? 'A preview has no vectors yet.' : embedded ? 'Reading its vector' : 'Not embedded yet.'}
        </p>
      )}
      <div className={css.buttons}>
        <Button disabled={!vector} onClick={() => vector && void copyText(vectorText(vector), 'Vector')}>
          <Copy size={15} aria-hidden /> Copy vector
        </Button>
        <Button
          onClick={() =>
            void attempt(async () => copyText(await client.text(fileId, chunk.start, chunk.end), 'Text'))
          }
        >
          <Copy size={15} aria-hidden /> Copy text
        </Button>
      </div>
      {vector && <Nearest fileId={fileId} ordinal={chunk.ordinal} />}
    </section>
  );
}

/** Nine digits bring every float32 back exactly. */
function vectorText(vector: Float32Array): string {
  return JSON.stringify(Array.from(vector, value => Number(value.toPrecision(9))));
}

function useVector(fileId: string, ordinal: number, embedded: boolean): Float32Array | undefined {
  const [found, setFound] = useState<{ key: string; vector?: Float32Array }>();
  const key = `${fileId}/${ordinal}`;
  useEffect(() => {
    if (!embedded) return;
    let current = true;
    client.vector(fileId, ordinal).then(
      vector => current && setFound({ key, ...(vector ? { vector } : {}) }),
      () => current && setFound({ key }),
    );
    return () => {
      current = false;
    };
  }, [fileId, ordinal, embedded, key]);
  return embedded && found?.key === key ? found.vector : undefined;
}
