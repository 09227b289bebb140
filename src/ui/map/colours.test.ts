import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COLOURS, groupFiles, usualGrouping } from './groups.ts';
import { paintGroups, paintValues, valuesOfPoints } from './paint.ts';

/** What the eye's cones answer in the three kinds of colour blindness, in full (Machado, Oliveira and Fernandes 2009). */
const SIGHTS: Record<string, number[][]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour in Oklab, in which distances are about as they are seen. */
function oklab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(value => Math.cbrt(Math.max(0, value)));
  const cones = [l ?? 0, m ?? 0, s ?? 0];
  const rows = [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ];
  return rows.map(row => row.reduce((sum, part, i) => sum + part * (cones[i] ?? 0), 0));
}

function seen(hex: string, sight: number[][]): number[] {
  const linear = [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return oklab(sight.map(row => row.reduce((sum, part, i) => sum + part * (linear[i] ?? 0), 0)));
}

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');
const THEMES = css
  .split('[data-theme="dark"]')
  .slice(0, 2)
  .map(part => [...part.matchAll(/--map-(?:\d|other): (#[0-9a-f]{6})/g)].map(([, hex = '']) => hex));

it.each(Object.entries(SIGHTS))('any two colours of the map can be told apart: %s', (_, sight) => {
  for (const colours of THEMES) {
    expect(colours.length).toBe(COLOURS + 1);
    for (const [i, one] of colours.entries()) {
      for (const two of colours.slice(0, i)) {
        const [a, b] = [seen(one, sight), seen(two, sight)];
        expect(Math.hypot(...a.map((part, k) => part - (b[k] ?? 0))), `${one} ${two}`).toBeGreaterThan(0.09);
      }
    }
  }
});

const rows = new Map(
  ['law/a.md', 'law/b.pdf', 'notes/c.md', 'd.md'].map((path, i) => [
    `f${i}`,
    { path, format: path.endsWith('.pdf') ? 'pdf' : 'markdown' },
  ]),
);
const files = [4, 6, 3, 1].map((count, i) => ({ fileId: `f${i}`, count }));
const nameOf = (format: string) => format.toUpperCase();

it('files are grouped by path, folder or type, the largest group first', () => {
  const labels = (by: 'file' | 'folder' | 'type') =>
    groupFiles(files, rows, by, nameOf).groups.map(({ label, chunks, colour }) => [label, chunks, colour]);
  expect(labels('file')).toEqual([
    ['b.pdf', 6, 1],
    ['a.md', 4, 2],
    ['c.md', 3, 3],
    ['d.md', 1, 4],
  ]);
  expect(labels('folder')).toEqual([
    ['law', 10, 1],
    ['notes', 3, 2],
    ['No folder', 1, 3],
  ]);
  expect(labels('type')).toEqual([
    ['MARKDOWN', 8, 1],
    ['PDF', 6, 2],
  ]);
  expect([...groupFiles(files, rows, 'type', nameOf).groupOfFile]).toEqual([0, 1, 0, 0]);
});

it('what is past the eighth group shares a colour', () => {
  const many = Array.from({ length: 11 }, (_, i) => ({ fileId: `m${i}`, count: 20 - i }));
  const named = new Map(many.map(({ fileId }) => [fileId, { path: `${fileId}.txt`, format: 'plain' }]));
  const { groups, groupOfFile } = groupFiles(many, named, 'file', nameOf);
  expect(groups.at(-1)).toEqual({ label: '3 other files', chunks: 12 + 11 + 10, colour: 0 });
  expect([...groupOfFile.subarray(7)]).toEqual([7, 8, 8, 8]);
});

it('colours tell files where these are few, else folders, else types', () => {
  expect(usualGrouping(files, rows)).toBe('file');
  const many = Array.from({ length: 40 }, (_, i) => ({ fileId: `m${i}`, count: 5 }));
  const inside = (folders: number) =>
    new Map(
      many.map(({ fileId }, i) => [
        fileId,
        { path: `${i % folders}/${fileId}`, format: i % 2 ? 'pdf' : 'html' },
      ]),
    );
  expect(usualGrouping(many, inside(3))).toBe('folder');
  expect(usualGrouping(many, inside(1))).toBe('type');
  expect(usualGrouping(many, inside(40))).toBe('type');
});

it('points are painted by their files, and by values', () => {
  const bytes = paintGroups(files.slice(2), Uint8Array.of(1, 0), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect([...bytes]).toEqual([4, 5, 6, 255, 4, 5, 6, 255, 4, 5, 6, 255, 1, 2, 3, 255]);
  expect([...paintValues(Float32Array.of(0, 0.5, 0.25), [0, 0, 0], [200, 100, 0])]).toEqual([
    0, 0, 0, 255, 200, 100, 0, 255, 100, 50, 0, 255,
  ]);
});

it('values find their points though chunks have come and gone', () => {
  const known = {
    files: [
      { fileId: 'new', count: 2 },
      { fileId: 'f0', count: 5 },
      { fileId: 'f3', count: 0 },
    ],
    values: Float32Array.of(9, 9, 1, 2, 3, 4, 5),
  };
  expect([
    ...valuesOfPoints(
      [files[0], files[3]].filter(file => file !== undefined),
      known,
    ),
  ]).toEqual([1, 2, 3, 4, 0]);
});
