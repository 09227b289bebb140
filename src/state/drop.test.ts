import { describe, expect, it } from 'vitest';
import { gatherDrop as gather, gatherPasted, gatherPicked as pick } from './drop.ts';
import type { Gathered, KnownPaths } from './walk.ts';

const nothingKnown: KnownPaths = async () => [];
const gatherDrop = (entries: FileSystemEntry[], known = nothingKnown) =>
  gather({ entries, handles: Promise.resolve([]) }, known);
const gatherPicked = (files: File[], known = nothingKnown) => pick(files, known);

const fileEntry = (fullPath: string, fails = false, text = 'x') =>
  ({
    isDirectory: false,
    isFile: true,
    name: fullPath.split('/').at(-1),
    fullPath,
    file: (give: (file: File) => void, refuse: (error: Error) => void) =>
      fails ? refuse(new Error('gone')) : give(new File([text], 'x')),
  }) as unknown as FileSystemEntry;

/** Gives its children three at a time, as browsers give a hundred. */
const folderEntry = (fullPath: string, children: FileSystemEntry[]) =>
  ({
    isDirectory: true,
    isFile: false,
    name: fullPath.split('/').at(-1),
    fullPath,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (give: (entries: FileSystemEntry[]) => void) => {
          give(children.slice(at, at + 3));
          at += 3;
        },
      };
    },
  }) as unknown as FileSystemEntry;

describe('gatherDrop', () => {
  it('reads folders to their end and keeps the paths with the top folder', async () => {
    const children = Array.from({ length: 7 }, (_, i) => fileEntry(`/papers/${i}.md`));
    const { additions } = await gatherDrop([
      folderEntry('/papers', [...children, folderEntry('/papers/old', [fileEntry('/papers/old/a.txt')])]),
      fileEntry('/loose.txt'),
    ]);
    expect(additions.map(({ path }) => path)).toContain('papers/old/a.txt');
    expect(additions).toHaveLength(9);
    expect(additions.at(-1)).toMatchObject({ path: 'loose.txt', fromFolder: false });
  });

  it('tells which files could not be opened and goes on', async () => {
    const gathered = await gatherDrop([
      folderEntry('/f', [fileEntry('/f/gone', true), fileEntry('/f/here')]),
    ]);
    expect(gathered.unreadable).toEqual(['f/gone']);
    expect(gathered.additions).toHaveLength(1);
  });

  it('leaves out what the system put there', async () => {
    const { additions } = await gatherDrop([folderEntry('/f', [fileEntry('/f/.DS_Store')])]);
    expect(additions).toEqual([]);
  });
});

/** The files of a project as paths with their content, and what is to be added of it. */
const PROJECT = {
  'p/.gitignore': '*.log\n!keep.log\nbuild/\n/local\n',
  'p/.env': 'x',
  'p/.git/config': 'x',
  'p/read.md': 'x',
  'p/run.log': 'x',
  'p/keep.log': 'x',
  'p/build/out.txt': 'x',
  'p/local/a.txt': 'x',
  'p/src/local/a.txt': 'x',
  'p/src/.gitignore': '*.md\n!run.log\n',
  'p/src/notes.md': 'x',
  'p/src/run.log': 'x',
  'p/src/build': 'a file, no folder',
  'p/node_modules/m/index.js': 'x',
  'p/.DS_Store': 'x',
};
const KEPT = ['p/read.md', 'p/keep.log', 'p/src/local/a.txt', 'p/src/run.log', 'p/src/build'];
const pathsOf = ({ additions }: Gathered) => additions.map(({ path }) => path).sort();

/** PROJECT below a path, as entries of a drop. `opened` hears of each folder that is read. */
function entryOf(path: string, opened: string[] = []): FileSystemEntry {
  const text = PROJECT[path as keyof typeof PROJECT];
  if (text !== undefined) return fileEntry(`/${path}`, false, text);
  const below = Object.keys(PROJECT).filter(one => one.startsWith(`${path}/`));
  const names = new Set(below.map(one => one.slice(path.length + 1).split('/')[0]));
  const folder = folderEntry(
    `/${path}`,
    [...names].map(name => entryOf(`${path}/${name}`, opened)),
  ) as FileSystemDirectoryEntry;
  const { createReader } = folder;
  folder.createReader = () => {
    opened.push(path);
    return createReader();
  };
  return folder;
}

const pickedFile = ([path, text]: [string, string]) =>
  Object.assign(new File([text], path.split('/').at(-1) ?? ''), { webkitRelativePath: path });

describe('what is left out of folders', () => {
  const all = Object.keys(PROJECT).filter(path => !path.endsWith('.DS_Store'));

  it('is what is hidden, ignored or installed; such folders of a drop are not opened', async () => {
    const opened: string[] = [];
    const gathered = await gatherDrop([entryOf('p', opened)]);
    expect(pathsOf(gathered)).toEqual(KEPT.toSorted());
    expect(opened).toEqual(['p', 'p/src', 'p/src/local']);
    expect(gathered.skipped?.counts).toEqual({
      node_modules: { files: 0, folders: 1 },
      gitignore: { files: 2, folders: 2 },
      hidden: { files: 3, folders: 1 },
    });
  });

  it('is the same of a picked folder, file by file', async () => {
    const gathered = await gatherPicked(Object.entries(PROJECT).map(pickedFile));
    expect(pathsOf(gathered)).toEqual(KEPT.toSorted());
    expect(gathered.skipped?.counts).toEqual({
      node_modules: { files: 1, folders: 0 },
      gitignore: { files: 4, folders: 0 },
      hidden: { files: 4, folders: 0 },
    });
  });

  it('can be gathered after all', async () => {
    const dropped = await gatherDrop([entryOf('p')]);
    const picked = await gatherPicked(Object.entries(PROJECT).map(pickedFile));
    for (const { additions, skipped } of [dropped, picked]) {
      const rest = await skipped?.include();
      expect(rest?.skipped).toBeUndefined();
      expect(rest?.additions.every(({ fromFolder }) => fromFolder)).toBe(true);
      const both = [...additions, ...(rest?.additions ?? [])].map(({ path }) => path);
      expect(both.sort()).toEqual(all.toSorted());
    }
  });

  it('is never what was dropped or picked itself', async () => {
    const dropped = await gatherDrop([
      folderEntry('/.notes', [fileEntry('/.notes/a.md')]),
      folderEntry('/node_modules', [fileEntry('/node_modules/b.js')]),
      fileEntry('/.env'),
    ]);
    expect(pathsOf(dropped)).toEqual(['.env', '.notes/a.md', 'node_modules/b.js']);
    expect(dropped.skipped).toBeUndefined();
    const picked = await gatherPicked([pickedFile(['.notes/a.md', 'x']), new File(['x'], '.env')]);
    expect(pathsOf(picked)).toEqual(['.env', '.notes/a.md']);
  });

  it('is nothing that is known: what was included before is looked at again, and nothing beside it', async () => {
    const known = ['p/.env', 'p/node_modules/m/index.js', 'p/build/archive.zip/a.md', 'p/src/notes.md'];
    for (const gathered of [
      await gatherDrop([entryOf('p')], async () => known),
      await gatherPicked(Object.entries(PROJECT).map(pickedFile), async () => known),
    ]) {
      expect(pathsOf(gathered)).toEqual([...KEPT, ...known.filter(path => path in PROJECT)].toSorted());
      expect(gathered.skipped?.paths).toContain('p/build/out.txt');
      expect(gathered.folders).toEqual(['p']);
    }
  });

  it('is decided without a .gitignore that cannot be read', async () => {
    const gathered = await gatherDrop([
      folderEntry('/f', [fileEntry('/f/.gitignore', true), fileEntry('/f/a.md')]),
    ]);
    expect(gathered).toMatchObject({ additions: [{ path: 'f/a.md' }], unreadable: [] });
  });
});

it('a folder input gives relative paths', async () => {
  const { additions } = await gatherPicked([pickedFile(['notes/a.md', 'x'])]);
  expect(additions[0]).toMatchObject({ path: 'notes/a.md', fromFolder: true });
});

describe('gatherPasted', () => {
  const nameOf = (text: string) => gatherPasted(text).additions[0]?.path;
  it('names the file after its first words', () => {
    expect(nameOf('\n # Slack water: at the lock\nmore')).toBe('Slack water at the lock.txt');
    expect(nameOf('word '.repeat(30))).toMatch(/^(word ){7}word\.txt$/);
    expect(nameOf('  \n')).toBe('Pasted text.txt');
    expect(nameOf('x'.repeat(100))).toBe(`${'x'.repeat(40)}.txt`);
  });
});
