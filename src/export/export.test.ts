import { describe, expect, it } from 'vitest';
import type { ExportRecord } from './format.ts';
import { float32Text, vectorText } from './numbers.ts';
import { roundVector, toHalfBits } from './precision.ts';
import { exportFormats } from './registry.ts';
import { spanReader } from './span-reader.ts';
import { awkwardRecords, encoded } from './testing.ts';

const records = awkwardRecords;

async function written(id: 'json' | 'jsonl', items: readonly ExportRecord[]): Promise<string> {
  const format = exportFormats.find(candidate => candidate.id === id);
  if (!format) throw new Error(id);
  return Buffer.from(await encoded(format, items)).toString();
}

describe('numbers', () => {
  it('read back as the same float32, whatever its bits', () => {
    const bits = new Uint32Array(1);
    const value = new Float32Array(bits.buffer);
    let seed = 1;
    const wrong: number[] = [];
    for (let i = 0; i < 200_000; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      bits[0] = seed ^ (i << 7);
      const x = value[0] as number;
      if (!Number.isFinite(x)) continue;
      if (!Object.is(Math.fround(Number(float32Text(x))), x)) wrong.push(x);
    }
    expect(wrong).toEqual([]);
  });

  it('are a JSON array', () => {
    expect(JSON.parse(vectorText(Float32Array.of(0.25, -1, 0)))).toEqual([0.25, -1, 0]);
  });
});

describe('precision', () => {
  it('float16 is the nearest half, ties to even, as the processor rounds it', () => {
    const halves = [
      1,
      -0.1,
      65504,
      65519.9,
      65520,
      2 ** -24,
      2 ** -25,
      1.5 * 2 ** -24,
      6.1e-5,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
    ];
    const bits = [0x3c00, 0xae66, 0x7bff, 0x7bff, 0x7c00, 0x0001, 0x0000, 0x0002, 0x03ff, 0x3c00, 0x3c02];
    expect(halves.map(toHalfBits)).toEqual(bits);
    expect(Array.from(roundVector(Float32Array.of(1, -0.1), 'float16').embedding)).toEqual([
      1, -0.0999755859375,
    ]);
  });

  it('float16 never makes infinity of a number', () => {
    const { embedding } = roundVector(Float32Array.of(65_520, -1e30, 65_504), 'float16');
    expect(Array.from(embedding)).toEqual([65_504, -65_504, 65_504]);
  });

  it('int8 keeps every number within half a step of the largest', () => {
    const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * 1.7) / 3);
    const { embedding, quantized } = roundVector(vector, 'int8');
    const step = quantized?.scale ?? 0;
    expect(Math.max(...(quantized?.values ?? []).map(Math.abs))).toBe(127);
    for (const [i, value] of vector.entries()) {
      expect(Math.abs(value - (embedding[i] ?? 0))).toBeLessThanOrEqual(step * 0.5001);
    }
    expect(Array.from(roundVector(new Float32Array(3), 'int8').embedding)).toEqual([0, 0, 0]);
  });
});

describe('JSON', () => {
  it('is the object that OpenAI’s clients read, with text and place', async () => {
    const parsed = JSON.parse(await written('json', records));
    expect(parsed).toMatchObject({
      object: 'list',
      model: 'MiniLM',
      dimensions: 3,
      recipe: { chunkSize: 200 },
    });
    expect(parsed.data.map((d: ExportRecord) => [d.index, d.file, d.text, d.start, d.end, d.tokens])).toEqual(
      records.map(r => [r.index, r.file, r.text, r.start, r.end, r.tokens]),
    );
    expect(Float32Array.from(parsed.data[1].embedding)).toEqual(records[1]?.embedding);
    expect(parsed.data[0].object).toBe('embedding');
  });

  it('says where each chunk can be looked up: page, headings, first and last line', async () => {
    const { data } = JSON.parse(await written('json', records));
    expect(data[0]).toMatchObject({ page: 3, headings: ['Tides', 'Spring “tides”'], lines: [1, 2] });
    expect(data[1]).toMatchObject({ headings: [], lines: [12, 12] });
    expect(data[1]).not.toHaveProperty('page');
  });

  it('is whole with no records', async () => {
    expect(JSON.parse(await written('json', [])).data).toEqual([]);
  });
});

describe('JSONL', () => {
  it('is one such record a line, line breaks inside texts or not', async () => {
    const lines = (await written('jsonl', records)).trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line).text)).toEqual(records.map(r => r.text));
  });
});

describe('spans of a text', () => {
  // Lines of 1 to 97 letters, and in the middle nothing but blank lines for longer than is read at once.
  const text = Array.from({ length: 12_000 }, (_, i) =>
    i > 5000 && i < 5005 ? '\n'.repeat(90_000) : 'x'.repeat(i % 97),
  ).join('\n');
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;

  it('come with their lines, and no part of the text is read twice', async () => {
    const asked: [number, number][] = [];
    const located = spanReader(async (start, end) => {
      asked.push([start, end]);
      return text.slice(start, end);
    });
    const spans = [
      [0, 5],
      [3, 900],
      [60_000, 200_000],
      [199_000, 199_001],
      [620_000, 620_400],
    ] as const;
    for (const [start, end] of [...spans, [text.length - 40, text.length]] as const) {
      expect(await located(start, end)).toEqual({
        text: text.slice(start, end),
        lines: { first: lineAt(start), last: lineAt(end - 1) },
      });
    }
    expect(asked.every(([start], i) => start === (i > 0 ? asked[i - 1]?.[1] : 0))).toBe(true);
  });

  it('an empty text has one line', async () => {
    expect(await spanReader(async () => '')(0, 0)).toEqual({ text: '', lines: { first: 1, last: 1 } });
  });
});
