import { describe, expect, it } from 'vitest';
import { gatherDrop, gatherPasted, gatherPicked } from './drop.ts';

const fileEntry = (fullPath: string, fails = false) =>
  ({
    isDirectory: false,
    name: fullPath.split('/').at(-1),
    fullPath,
    file: (give: (file: File) => void, refuse: (error: Error) => void) =>
      fails ? refuse(new Error('gone')) : give(new File(['x'], 'x')),
  }) as unknown as FileSystemEntry;

/** Gives its children three at a time, as browsers give a hundred. */
const folderEntry = (fullPath: string, children: FileSystemEntry[]) =>
  ({
    isDirectory: true,
    name: fullPath.slice(1),
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

it('a folder input gives relative paths', () => {
  const file = Object.assign(new File(['x'], 'a.md'), { webkitRelativePath: 'notes/a.md' });
  expect(gatherPicked([file]).additions[0]).toMatchObject({ path: 'notes/a.md', fromFolder: true });
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
