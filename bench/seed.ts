import type { Page } from 'playwright';
import { embeddingKey, recipeKey } from '../src/domain/recipe.ts';

/** How much is made up. */
export interface Seeded {
  chunks: number;
  files: number;
  topics: number;
}

/** A file that is made up: its text, where its chunks are, and their vectors, row-major. */
interface MadeFile {
  /** Its place among all. */
  n: number;
  path: string;
  format: string;
  text: string;
  starts: Uint32Array;
  ends: Uint32Array;
  vectors: Float32Array;
  tokensOfChunk: number;
}

declare global {
  /** What `openSeeding` leaves in the page. */
  var seeding: {
    random(): number;
    /** Vectors of chunks of some topics, at length 1. */
    vectorsOf(topics: readonly number[]): Float32Array;
    store(file: MadeFile): Promise<void>;
    finish(files: number): Promise<void>;
  };
}

/**
 * Fills the collection on screen with chunks of words in topics, their vectors gathered round each topic's own: written
 * straight into the page's database, for as many by reading and embedding would take an hour. The same numbers make the
 * same collection. The page must have no files yet.
 */
export async function seedCollection(page: Page, seeded: Seeded): Promise<void> {
  await openSeeding(page, seeded.topics);
  await page.evaluate(writeFiles, seeded);
  await finishSeeding(page);
}

/**
 * The same with long texts to read: `write` gives a file's text from its number, which is cut into chunks of about
 * `characters`, each a little in common with the one before.
 */
export async function seedTexts(
  page: Page,
  { chunks, files, topics }: Seeded,
  characters: number,
  write: (length: number) => string,
): Promise<void> {
  await openSeeding(page, topics);
  for (let n = 0; n < files; n++) {
    const count = Math.floor(((n + 1) * chunks) / files) - Math.floor((n * chunks) / files);
    const step = Math.floor(0.9 * characters);
    const text = write(count * step + characters);
    await page.evaluate(writeText, { n, count, step, characters, topics, text });
  }
  await page.evaluate(files => globalThis.seeding.finish(files), files);
  await finishSeeding(page);
}

/** Makes the page ready to be written to. */
async function openSeeding(page: Page, topics: number): Promise<void> {
  await page.getByText('My documents').first().waitFor();
  const [collection] = await page.evaluate(() => window.vecdrop.collections());
  if (!collection) throw new Error('The page has no collection to fill.');
  const { id: collectionId, recipe } = collection;
  // tsx names functions by a helper of its own, which the page has not.
  await page.evaluate('globalThis.__name = made => made');
  await page.evaluate(startSeeding, {
    topics,
    collectionId,
    dimensions: recipe.dimensions,
    recipeKey: recipeKey(recipe),
    embeddingKey: embeddingKey(recipe),
  });
}

async function finishSeeding(page: Page): Promise<void> {
  await page.reload();
  await page.getByRole('listbox', { name: 'Files' }).waitFor();
}

interface Writing {
  topics: number;
  collectionId: string;
  dimensions: number;
  recipeKey: string;
  embeddingKey: string;
}

/** Runs in the page: all that it uses is in it. */
async function startSeeding(options: Writing): Promise<void> {
  const { topics, collectionId, dimensions, recipeKey, embeddingKey } = options;
  const BLOCK = 64;
  const FIRST_REVISION = 1_000_000;
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = () => random() + random() + random() + random() - 2;
  const centres = Array.from({ length: topics }, () => Float32Array.from({ length: dimensions }, normal));

  const opening = indexedDB.open('vecdrop');
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const stores = ['files', 'documents', 'chunks', 'vectors', 'meta'];
  const write = (work: (put: (store: string, value: unknown) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      const tx = db.transaction(stores, 'readwrite');
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error);
      work((store, value) => tx.objectStore(store).put(value));
    });

  globalThis.seeding = {
    random,
    vectorsOf(topics) {
      const vectors = new Float32Array(topics.length * dimensions);
      for (const [chunk, topic] of topics.entries()) {
        const centre = centres[topic];
        let squares = 0;
        for (let i = 0; i < dimensions; i++) {
          const value = (centre?.[i] ?? 0) + 1.1 * normal();
          vectors[chunk * dimensions + i] = value;
          squares += value * value;
        }
        for (let i = 0; i < dimensions; i++) {
          const at = chunk * dimensions + i;
          vectors[at] = (vectors[at] ?? 0) / Math.sqrt(squares);
        }
      }
      return vectors;
    },
    store: ({ n, path, format, text, starts, ends, vectors, tokensOfChunk }) =>
      write(put => {
        const id = `seeded-${n}`;
        const count = starts.length;
        put('files', {
          id,
          collectionId,
          path,
          bytes: text.length,
          sha256: id,
          state: 'done',
          attempts: 0,
          format,
          addedAt: 1,
          revision: FIRST_REVISION + n,
          current: {
            id,
            document: id,
            sha256: id,
            parser: 1,
            recipeKey,
            embeddingKey,
            chunks: count,
            done: count,
            tokens: count * tokensOfChunk,
            unknown: 0,
            pages: 0,
          },
        });
        put('documents', { document: id, page: -1, length: text.length, blocks: [] });
        for (let at = 0; at < text.length; at += 65_536)
          put('documents', { document: id, page: at / 65_536, text: text.slice(at, at + 65_536) });
        put('chunks', {
          generation: id,
          columns: {
            count,
            starts,
            ends,
            tokens: new Uint32Array(count).fill(tokensOfChunk),
            unknown: new Uint32Array(count),
            pages: new Uint32Array(count),
            hashes: Uint8Array.from({ length: count * 16 }, () => Math.floor(random() * 256)),
            headingPaths: [[]],
            headingOf: new Uint32Array(count),
          },
        });
        for (let at = 0; at < count; at += BLOCK) {
          const size = Math.min(BLOCK, count - at);
          const data = vectors.slice(at * dimensions, (at + size) * dimensions);
          put('vectors', { generation: id, first: at, count: size, data });
        }
      }),
    async finish(files) {
      await write(put => put('meta', { key: 'revision', value: FIRST_REVISION + files }));
      db.close();
    },
  };
}

/** Runs in the page, after startSeeding. */
async function writeFiles({ chunks, files, topics }: Seeded): Promise<void> {
  const WORDS_A_CHUNK = 24;
  const { random, vectorsOf, store, finish } = globalThis.seeding;
  const any = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  const vocabulary = [
    'harbour tide anchor vessel lighthouse',
    'oven flour butter dough yeast',
    'violin orchestra melody tempo cello',
    'court witness verdict appeal clause',
    'patient fever dose symptom ward',
    'engine piston torque gearbox valve',
    'garden roses pruning soil compost',
    'planet orbit comet telescope crater',
    'river bridge flood canal lock',
    'market price share bond dividend',
    'mountain glacier summit rope ridge',
    'paint canvas brush portrait pigment',
  ].map(words => words.split(' '));
  const grammar = 'the of and to in that is was for on with as by it at from'.split(' ');
  const FOLDERS = ['law', 'notes', 'papers', 'letters', 'reports'];
  const ENDINGS = [
    ['md', 'markdown'],
    ['pdf', 'pdf'],
    ['txt', 'plain'],
  ] as const;
  for (let n = 0; n < files; n++) {
    const count = Math.floor(((n + 1) * chunks) / files) - Math.floor((n * chunks) / files);
    const own = n % topics;
    const [ending, format] = ENDINGS[n % ENDINGS.length] ?? ['txt', 'plain'];
    const starts = new Uint32Array(count);
    const ends = new Uint32Array(count);
    const topicOf: number[] = [];
    let text = '';
    for (let chunk = 0; chunk < count; chunk++) {
      // Files are mostly of one topic.
      const topic = random() < 0.75 ? own : Math.floor(random() * topics);
      topicOf.push(topic);
      const words = vocabulary[topic % vocabulary.length] ?? [];
      const said = Array.from({ length: WORDS_A_CHUNK }, () => any(random() < 0.25 ? words : grammar));
      starts[chunk] = text.length;
      text += `${said.join(' ')}. `;
      ends[chunk] = text.length - 1;
    }
    const name = `${vocabulary[own % vocabulary.length]?.[0]}-${n + 1}.${ending}`;
    const path = `${FOLDERS[Math.floor(n / 4) % FOLDERS.length]}/${name}`;
    const vectors = vectorsOf(topicOf);
    await store({ n, path, format, text, starts, ends, vectors, tokensOfChunk: WORDS_A_CHUNK });
  }
  await finish(files);
}

interface WrittenText {
  n: number;
  count: number;
  step: number;
  characters: number;
  topics: number;
  text: string;
}

/** Runs in the page, after startSeeding. */
async function writeText({ n, count, step, characters, topics, text }: WrittenText): Promise<void> {
  const { random, vectorsOf, store } = globalThis.seeding;
  const FOLDERS = ['law', 'notes', 'papers', 'letters', 'reports'];
  const topicOf = Array.from({ length: count }, () =>
    random() < 0.75 ? n % topics : Math.floor(random() * topics),
  );
  await store({
    n,
    path: `${FOLDERS[n % FOLDERS.length]}/${String(n).padStart(6, '0')}.txt`,
    format: 'plain',
    text,
    starts: Uint32Array.from({ length: count }, (_, i) => i * step),
    ends: Uint32Array.from({ length: count }, (_, i) => i * step + characters),
    vectors: vectorsOf(topicOf),
    tokensOfChunk: Math.round(characters / 4),
  });
}
