import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { VecdropError } from '../domain/errors.ts';
import { fixture, imported } from './testing.ts';

const RECORDS = Array.from({ length: 12 }, (_, i) => ({
  text: `Passage ${i}, "quoted",\nof a harbour’s book`,
  source: `book-${i % 2}.txt`,
  embedding: Array.from({ length: 8 }, (_, j) => (i - j) / 7),
}));

const file = (name: string, content: string | Uint8Array) => new File([content as BlobPart], name);
const lines = (records: readonly unknown[]) => records.map(record => `${JSON.stringify(record)}\n`).join('');
const fixtureBytes = async (name: string) => new Uint8Array(await fixture(name).arrayBuffer());

async function rowsOf(...files: File[]): Promise<number> {
  return (await imported(...files)).reduce((sum, { chunks }) => sum + chunks.length, 0);
}

/** How many rows came of it, or the code of the error; what is no error of ours is thrown. */
async function outcome(...files: File[]): Promise<number | string> {
  try {
    return await rowsOf(...files);
  } catch (error) {
    if (!(error instanceof VecdropError)) throw error;
    expect(error.message).toMatch(/^[“A-Z].*[.]$/s);
    return error.code;
  }
}

/** Makes the same numbers every time: 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function pair(npy: Uint8Array = new Uint8Array(0)): Promise<Record<string, Uint8Array>> {
  return {
    'vectors.npy': npy.length > 0 ? npy : await fixtureBytes('float32.npy'),
    'vectors.jsonl': await fixtureBytes('float32.jsonl'),
  };
}

const SOURCES: [string, () => Promise<Uint8Array | string>][] = [
  ['a.json', async () => JSON.stringify({ data: RECORDS, model: 'm' })],
  [
    'lists.json',
    async () =>
      JSON.stringify({
        ids: RECORDS.map((_, i) => `${i}`),
        embeddings: RECORDS.map(({ embedding }) => embedding),
        documents: RECORDS.map(({ text }) => text),
      }),
  ],
  ['a.jsonl', async () => lines(RECORDS)],
  ['a.csv', () => fixture('pandas.csv').text()],
  ['wide.csv', () => fixture('pandas-wide.csv').text()],
  ['a.parquet', () => fixtureBytes('pandas-snappy.parquet')],
  ['zstd.parquet', () => fixtureBytes('pyarrow-zstd-float64.parquet')],
  ['pages.parquet', () => fixtureBytes('pyarrow-pages.parquet')],
  ['a.zip', async () => zipSync(await pair(), { level: 6 })],
];

describe('files that are cut off', () => {
  it.each(SOURCES)('%s ends with what came before, or is said to break off', async (name, make) => {
    const content = await make();
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    expect(await outcome(file(name, bytes))).toBe(12);
    for (let i = 0; i < 60; i++) {
      const cut = Math.floor((bytes.length * i) / 60);
      const result = await outcome(file(name, bytes.subarray(0, cut)));
      if (typeof result === 'number') expect(result).toBeLessThan(12);
      else expect(result, `${cut} bytes`).toBe('import/corrupt');
    }
  });

  it('a matrix beside its lines', async () => {
    const bytes = await fixtureBytes('float32.npy');
    for (const cut of [3, 9, 40, 127, 128, 300, bytes.length - 1]) {
      const result = await outcome(file('a.npy', bytes.subarray(0, cut)), fixture('float32.jsonl'));
      expect(result).toBe('import/corrupt');
    }
  });
});

describe('files whose bytes have changed', () => {
  it.each(SOURCES)('%s is read or refused, with nothing else thrown', async (name, make) => {
    const content = await make();
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const next = random(bytes.length);
    for (let i = 0; i < 150; i++) {
      const changed = bytes.slice();
      for (let n = 0; n < 1 + (i % 3); n++) {
        changed[Math.floor(next() * changed.length)] = Math.floor(next() * 256);
      }
      await outcome(file(name, changed));
    }
  });
});

describe('names that mean something to a program', () => {
  const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('in JSON are columns like any other, and change nothing', async () => {
    const own = NAMES.map(name => `${JSON.stringify(name)}:{"text":"no","polluted":1}`).join(',');
    const json = RECORDS.map(record => `{${own},${JSON.stringify(record).slice(1)}`).join(',');
    expect(await rowsOf(file('a.json', `{"__proto__":{"polluted":1},"data":[${json}]}`))).toBe(12);
    expect(await rowsOf(file('a.jsonl', json.replaceAll('},{"__proto__"', '}\n{"__proto__"')))).toBe(12);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('in CSV', async () => {
    const rows = RECORDS.map(({ embedding }, i) => `a,b,c,d,passage ${i},"[${embedding}]"`);
    const csv = `${NAMES},text,embedding\n${rows.join('\n')}\n`;
    expect(await rowsOf(file('a.csv', csv))).toBe(12);
  });
});

describe('rows that do not go with the others', () => {
  const jsonl = (...changed: object[]) => file('a.jsonl', lines([...RECORDS, ...changed]));

  it.each([
    ['NaN', '{"text":"x","embedding":[0,1,2,3,NaN,5,6,7]}', 'import/corrupt', /Number 5 .* row 13/],
    [
      'Infinity',
      '{"text":"x","embedding":[0,1,2,-Infinity,4,5,6,7]}',
      'import/corrupt',
      /Number 4 .* row 13/,
    ],
    ['too large for float32', '{"text":"x","embedding":[1e39,1,2,3,4,5,6,7]}', 'import/corrupt', /Number 1 /],
    ['no vector', '{"text":"x"}', 'import/corrupt', /Row 13 has no vector/],
    ['no text', '{"embedding":[0,1,2,3,4,5,6,7]}', 'import/corrupt', /Row 13 has no text/],
    ['other dimensions', '{"text":"x","embedding":[1,2]}', 'import/mismatch', /Row 13 has 2 numbers/],
  ])('%s: the row is named', async (_, line, code, sentence) => {
    const read = imported(file('a.jsonl', `${lines(RECORDS)}${line}\n`));
    await expect(read).rejects.toMatchObject({ code, message: sentence });
  });

  it('paths lead nowhere', async () => {
    const source = '../../etc/C:\\..\\passwd\u0000.txt';
    const read = await imported(jsonl({ ...RECORDS[0], source }));
    expect(read.at(-1)?.path).toBe('etc/passwd.txt');
  });
});

describe('more than a record may have', () => {
  it('nesting', async () => {
    const deep = `{"text":"x","embedding":[1,2],"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
    expect(await outcome(file('a.json', `[${deep}]`))).toBe('import/unsupported');
    expect(await outcome(file('a.json', '['.repeat(1e6)))).toMatch(/^import\//);
    // A line is parsed whole, and what is not asked for is passed over.
    expect(await outcome(file('a.jsonl', `${deep}\n${deep}\n`))).toBe(2);
  });

  it('a text of 17 MB', async () => {
    const text = 'x'.repeat(17 * 1024 ** 2);
    for (const content of [
      file('a.jsonl', `{"text":"${text}","embedding":[1,2,3,4]}\n`),
      file('a.json', `[{"text":"${text}","embedding":[1,2,3,4]}]`),
      file('a.csv', `text,embedding\n"${text}","[1,2,3,4]"\n`),
    ]) {
      expect(await outcome(content)).toBe('import/unsupported');
    }
  });

  it('a quote that is never closed', async () => {
    const csv = `text,embedding\na,"[1,2,3,4]"\n"b${',"[1,2,3,4]'.repeat(9)}`;
    await expect(rowsOf(file('a.csv', csv))).rejects.toThrow(/breaks off after row 1/);
  });

  it('a zip that says less than it holds, and one whose lines are one', async () => {
    const huge = { ...(await pair()), 'vectors.jsonl': new Uint8Array(40 * 1024 ** 2) };
    const zip = zipSync(huge, { level: 1 });
    expect(await outcome(file('a.zip', zip))).toMatch(/^import\//);
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    // The size that the directory tells of the last entry.
    for (let at = zip.length - 22; at > 0; at--) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      view.setUint32(at + 24, 1000, true);
      break;
    }
    expect(await outcome(file('a.zip', zip))).toBe('import/corrupt');
  });

  it('a matrix that says more than it holds', async () => {
    const npy = await fixtureBytes('float32.npy');
    const head = new TextDecoder('latin1').decode(npy.subarray(0, 128));
    for (const shape of ['(99999999999, 8)', '(12, 99999999)', '(12, 0)', '(-1, 8)', '(12, 8, 1)']) {
      const text = head.replace(/\(12, 8\)/, shape);
      const bytes = Uint8Array.from(`${text.slice(0, 127)}\n`, letter => letter.charCodeAt(0));
      const made = new Uint8Array([...bytes, ...npy.subarray(128)]);
      expect(await outcome(file('a.npy', made), fixture('float32.jsonl'))).toMatch(/^import\//);
    }
  });
});
