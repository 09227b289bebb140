import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** A file of the disk and the path it has in the collection. */
export interface InputFile {
  disk: string;
  path: string;
  fromFolder: boolean;
}

export interface Inputs {
  files: InputFile[];
  /** What is left out, each with why: one line for a person. */
  skipped: string[];
}

/**
 * Walks files and folders in order of name. A folder's files have its name first, as on the page; two folders of
 * one name become `docs` and `docs (2)`. Left out, and said: .git, links inside folders, what is no regular file,
 * the file that is being written, and a file that was there already.
 */
export async function gatherInputs(inputs: readonly string[], out: readonly string[]): Promise<Inputs> {
  const files: InputFile[] = [];
  const skipped: string[] = [];
  const outFiles = await Promise.all(out.map(path => realpath(path).catch(() => path)));
  const seen = new Set<string>();
  const roots = new Set<string>();

  async function take(disk: string, path: string, fromFolder: boolean): Promise<void> {
    const real = await realpath(disk);
    if (outFiles.includes(real)) skipped.push(`${path}: it is the file to write`);
    else if (seen.has(real)) skipped.push(`${path}: it is among the files already`);
    else {
      seen.add(real);
      files.push({ disk, path, fromFolder });
    }
  }

  async function walk(folder: string, path: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const child = `${path}/${entry.name}`;
      if (entry.name === '.git') skipped.push(`${child}: it holds Git's own files`);
      else if (entry.isDirectory()) await walk(join(folder, entry.name), child);
      else if (entry.isFile()) await take(join(folder, entry.name), child, true);
      else skipped.push(`${child}: it is ${entry.isSymbolicLink() ? 'a link' : 'no regular file'}`);
    }
  }

  for (const input of inputs) {
    if ((await stat(input)).isDirectory()) await walk(input, unused(roots, basename(input)));
    else await take(input, basename(input), false);
  }
  return { files, skipped };
}

/** The name itself, or `name (2)` and so on where it is taken; takes it. */
function unused(taken: Set<string>, name: string): string {
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${stem} (${n})${ending}`;
  taken.add(candidate);
  return candidate;
}
