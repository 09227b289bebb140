import { beginsAsArchive } from '../../domain/archive.ts';
import { isAbort } from '../../domain/errors.ts';
import type { Addition } from '../../workspace/api.ts';
import type { WorkspaceClient } from '../../workspace/client.ts';

type Looker = Pick<WorkspaceClient, 'lookAtImport'>;

const extensionOf = (path: string) => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
const stemOf = (path: string) => path.replace(/\.[^./]+$/, '');

/** Nothing but vectors and their texts comes in these. */
const VECTORS: ReadonlySet<string> = new Set(['parquet', 'npy']);
/** What a matrix of NumPy has its texts in. */
const LINES: ReadonlySet<string> = new Set(['jsonl', 'ndjson']);

/**
 * Takes exports out of what a person added loosely: they are imported, not read as documents. JSON and CSV stay
 * documents, for most are; but of those that come with a matrix the one of its name, or else the only one, is its
 * texts. A zip is looked into: only what can be imported is taken.
 */
export async function takeImports(
  client: Looker,
  additions: readonly Addition[],
  signal: AbortSignal,
): Promise<{ imports: File[]; rest: Addition[] }> {
  const loose = additions.filter(({ fromFolder }) => !fromFolder);
  const taken = new Set(loose.filter(({ path }) => VECTORS.has(extensionOf(path))));
  const lines = loose.filter(({ path }) => LINES.has(extensionOf(path)));
  for (const { path } of [...taken].filter(({ path }) => extensionOf(path) === 'npy')) {
    const own =
      lines.find(line => stemOf(line.path) === stemOf(path)) ?? (lines.length === 1 ? lines[0] : undefined);
    if (own) taken.add(own);
  }
  for (const addition of loose) {
    if (extensionOf(addition.path) !== 'zip') continue;
    if (await isImport(client, addition.file, signal)) taken.add(addition);
  }
  const imports = additions.filter(addition => taken.has(addition)).map(({ file }) => file);
  return { imports, rest: additions.filter(addition => !taken.has(addition)) };
}

/** An archive that is cut off, or of a newer Vecdrop, is one: the dialog says so. What is wrong with another zip is said where it is read. */
async function isImport(client: Looker, file: File, signal: AbortSignal): Promise<boolean> {
  try {
    if (await beginsAsArchive(file)) return true;
    await client.lookAtImport([file], signal);
    return true;
  } catch (error) {
    if (isAbort(error)) throw error;
    return false;
  }
}
