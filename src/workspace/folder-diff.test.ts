import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileState } from '../domain/collection.ts';
import type { Look, SeenFiles, StoredFile } from '../domain/folder.ts';
import { diffFolders, ordered } from './folder-diff.ts';

interface OnDisk {
  path: string;
  content: string;
  at: number;
}

const seenOf = (files: readonly OnDisk[], unseen: string[] = []): SeenFiles => ({
  paths: files.map(({ path }) => path),
  bytes: files.map(({ content }) => content.length),
  modifiedAt: files.map(({ at }) => at),
  unseen,
});
const storedOf = ({ path, content, at }: OnDisk, state: FileState = 'done'): StoredFile => ({
  id: `id of ${path}`,
  path,
  bytes: content.length,
  modifiedAt: at,
  sha256: content,
  state,
});

/** Compares, looks where it must, and compares again: as the page does. */
function compare(disk: readonly OnDisk[], stored: readonly StoredFile[], unseen: string[] = []) {
  const seen = seenOf(disk, unseen);
  const { toLook } = diffFolders(seen, stored, new Map());
  const looks = new Map<number, Look>(
    toLook.map(({ index, hash }) => [index, lookAt(disk[index]?.content ?? '', hash)]),
  );
  return { looked: toLook.map(({ index }) => disk[index]?.path), ...diffFolders(seen, stored, looks) };
}

function lookAt(content: string, hash: boolean): Look {
  if (content === 'gone meanwhile') return 'unreadable';
  if (content.startsWith('\0')) return 'binary';
  return { sha256: hash ? content : undefined };
}

const file = (path: string, content: string, at = 1): OnDisk => ({ path, content, at });

describe('folders compared with what is stored', () => {
  it('tells by size and time without a look, and by the content where only the time differs', () => {
    const stored = [
      file('f/same', 'a'),
      file('f/touched', 'b'),
      file('f/edited', 'c'),
      file('f/longer', 'd'),
    ];
    const disk = [
      file('f/same', 'a'),
      file('f/touched', 'b', 2),
      file('f/edited', 'x', 2),
      file('f/longer', 'dd'),
    ];
    const diff = compare(
      disk,
      stored.map(one => storedOf(one)),
    );
    expect(diff.looked).toEqual(['f/touched', 'f/edited']);
    expect(diff).toMatchObject({
      unchanged: 2,
      changed: [2, 3],
      touched: [{ id: 'id of f/touched', modifiedAt: 2 }],
    });
  });

  it('knows a file that lies elsewhere now, a copy from a move, and pairs the same names first', () => {
    const stored = [file('f/a/one.md', 'x'), file('f/a/two.md', 'x'), file('f/kept.md', 'k')];
    const disk = [
      file('f/b/two.md', 'x'),
      file('f/b/three.md', 'x'),
      file('f/kept.md', 'k'),
      file('f/copy.md', 'k'),
    ];
    expect(
      compare(
        disk,
        stored.map(one => storedOf(one)),
      ),
    ).toMatchObject({
      moved: [
        { from: 'f/a/two.md', to: 0 },
        { from: 'f/a/one.md', to: 1 },
      ],
      added: [3],
      gone: [],
    });
  });

  it('a file renamed to another kind has not moved: it is read in another way', () => {
    const diff = compare([file('f/a.md', 'x')], [storedOf(file('f/a.txt', 'x'))]);
    expect(diff).toMatchObject({ moved: [], added: [0], gone: [{ path: 'f/a.txt' }] });
  });

  it('what was left out or could not be opened is not gone, nor is what came out of an archive', () => {
    const stored = [
      file('f/.env', 'a'),
      file('f/node_modules/m/a.js', 'b'),
      file('f/z.zip/in/a.md', 'c', 5),
      file('f/z.zip/b.md', 'd', 5),
      file('f/y.zip/b.md', 'e', 5),
      file('f/locked.md', 'gone meanwhile', 0),
    ];
    const disk = [
      file('f/z.zip', 'zip', 5),
      file('f/y.zip', 'zip', 6),
      file('f/locked.md', 'gone meanwhile'),
    ];
    const diff = compare(
      disk,
      stored.map(one => storedOf(one)),
      ['f/.env', 'f/node_modules'],
    );
    expect(diff).toMatchObject({ unchanged: 1, changed: [1], gone: [], unreadable: [2] });
  });

  it('binaries are told apart while they are new; one that took a text’s place has changed', () => {
    const diff = compare(
      [file('f/new.png', '\0'), file('f/a.txt', '\0', 2)],
      [storedOf(file('f/a.txt', 'x'))],
    );
    expect(diff).toMatchObject({ binary: [0], changed: [1] });
  });

  it('lists names as people order them', () => {
    const disk = ['f/note-10.md', 'f/note-2.md', 'f/B.md', 'f/a.md'].map(path => file(path, 'x'));
    const { added } = ordered(compare(disk, []), seenOf(disk));
    expect(added.map(index => disk[index]?.path)).toEqual([
      'f/a.md',
      'f/B.md',
      'f/note-2.md',
      'f/note-10.md',
    ]);
  });

  it('puts every path into exactly one group, and nothing is left to look at after the looks', () => {
    const path = fc
      .tuple(fc.constantFrom('f', 'f/a', 'f/a.zip', 'f/b'), fc.constantFrom('1.md', '2.md', '1.txt', 'a.zip'))
      .map(parts => parts.join('/'));
    const content = fc.constantFrom('x', 'y', 'zz', 'a longer one', '\0', 'gone meanwhile');
    const onDisk = fc.record({ path, content, at: fc.integer({ min: 1, max: 2 }) });
    const files = fc.uniqueArray(onDisk, { selector: one => one.path });
    const states = fc.constantFrom<FileState>('done', 'failed', 'cancelled', 'waiting');
    fc.assert(
      fc.property(files, files, states, fc.subarray(['f/a', 'f/b/1.md']), (drawn, before, state, left) => {
        // What was left out was not seen either, and a folder is no file.
        const disk = drawn.filter(
          one =>
            !left.some(out => one.path === out || one.path.startsWith(`${out}/`)) &&
            !drawn.some(other => other.path.startsWith(`${one.path}/`)),
        );
        const stored = before.map(one => storedOf(one, state));
        const diff = compare(disk, stored, left);
        expect(diff.toLook).toEqual([]);
        const named = [
          ...diff.added,
          ...diff.changed,
          ...diff.moved.map(({ to }) => to),
          ...diff.stopped,
          ...diff.binary,
          ...diff.unreadable,
        ];
        expect(new Set(named).size).toBe(named.length);
        expect(named.length + diff.unchanged).toBe(disk.length);
        const ids = [...diff.moved, ...diff.gone].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const seen = new Set(disk.map(one => one.path));
        const covered = ({ path }: StoredFile) =>
          [...seen, ...left].some(above => path === above || path.startsWith(`${above}/`));
        expect(ids.toSorted()).toEqual(
          stored
            .filter(one => !covered(one))
            .map(({ id }) => id)
            .toSorted(),
        );
        for (const { id, to } of diff.moved) {
          expect(stored.find(one => one.id === id)?.sha256).toBe(disk[to]?.content);
        }
      }),
    );
  });
});
