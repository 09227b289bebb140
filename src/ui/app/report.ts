import type { Comparison } from '../../state/comparison.ts';
import type { Toast } from '../../state/screen.ts';
import type { SkipCounts } from '../../state/walk.ts';
import type { AddReport } from '../../workspace/api.ts';
import { plural } from '../parts/format.ts';

/** Lines shown of each kind before the rest is only counted. */
const MOST_LINES = 3;

function firstLines<T>(all: readonly T[], line: (one: T) => string): string[] {
  const lines = all.slice(0, MOST_LINES).map(line);
  if (all.length > MOST_LINES) lines.push(`and ${plural(all.length - MOST_LINES, 'more', 'more')}`);
  return lines;
}

const REASONS = ['node_modules', 'binary', 'gitignore', 'hidden'] as const;

/** 'Skipped 1,234 files: 1,180 files in node_modules, 30 binary files, 20 files ignored by .gitignore, 4 hidden files.' */
export function skippedLine(counts: SkipCounts): string {
  const total = { files: 0, folders: 0 };
  const parts: string[] = [];
  for (const reason of REASONS) {
    const { files = 0, folders = 0 } = counts[reason] ?? {};
    if (files + folders === 0) continue;
    total.files += files;
    total.folders += folders;
    if (reason === 'binary') parts.push(amount({ files, folders }, 'binary '));
    else if (reason === 'hidden') parts.push(amount({ files, folders }, 'hidden '));
    else if (reason === 'gitignore') parts.push(`${amount({ files, folders })} ignored by .gitignore`);
    else if (folders > 0) parts.push(plural(folders, 'node_modules folder'));
    else parts.push(`${amount({ files, folders })} in node_modules`);
  }
  return parts.length > 1 ? `Skipped ${amount(total)}: ${parts.join(', ')}.` : `Skipped ${parts[0]}.`;
}

function amount({ files, folders }: { files: number; folders: number }, what = ''): string {
  const parts = [];
  if (folders > 0) parts.push(plural(folders, `${what}folder`));
  if (files > 0) parts.push(plural(files, `${what}file`));
  return parts.join(' and ');
}

/**
 * What became of added files, in one calm notice. `unreadable` are paths that the browser could not open, `skipped` is
 * what was left out of folders.
 */
export function reportToast(
  report: AddReport,
  unreadable: readonly string[],
  skipped?: SkipCounts,
): Omit<Toast, 'id'> {
  const { added, unchanged, changed, renamed, models } = report;
  const failed = [
    ...report.failed.map(({ path, error }) => ({ path, message: error.message })),
    ...unreadable.map(path => ({ path, message: 'The browser could not open it. Try adding it again.' })),
  ];
  const said: string[] = [];
  if (added > 0) said.push(`Added ${plural(added, 'file')}`);
  if (changed > 0) said.push(`${plural(changed, 'file')} changed, to be read again`);
  if (unchanged > 0) said.push(`${plural(unchanged, 'file')} already here, unchanged`);
  if (models.length > 0) said.push(`${models.length === 1 ? 'Model' : 'Models'} added: ${models.join(', ')}`);
  if (failed.length > 0) said.push(`${plural(failed.length, 'file')} not added`);
  const details = [
    ...(skipped ? [skippedLine(skipped)] : []),
    ...firstLines(renamed, ([given, kept]) => `${given} is kept as ${kept}: its name was taken.`),
    ...firstLines(failed, ({ path, message }) => `${path}: ${message}`),
  ];
  const text = said.length > 0 ? `${said.join(' · ')}.` : 'Nothing was added.';
  return {
    tone: failed.length > 0 ? 'bad' : 'plain',
    text,
    ...(details.length > 0 ? { details } : {}),
  };
}

/** After a look at folders in which nothing is other than it is here. */
export function unchangedToast({
  folders,
  unchanged,
  skipped,
}: Pick<Comparison, 'folders' | 'unchanged' | 'skipped'>): Omit<Toast, 'id'> {
  return {
    tone: 'plain',
    text: `Nothing has changed in ${folders.join(', ')}: ${plural(unchanged, 'file')}.`,
    ...(skipped ? { details: [skippedLine(skipped)] } : {}),
  };
}

/** After files took other paths, and others were removed. */
export function movedToast(moved: number, removed: number): Omit<Toast, 'id'> {
  const said: string[] = [];
  if (moved > 0) said.push(`Moved ${plural(moved, 'file')}`);
  if (removed > 0) said.push(`${moved > 0 ? 'removed' : 'Removed'} ${plural(removed, 'file')}`);
  return { tone: 'plain', text: `${said.join(', ')}.` };
}
