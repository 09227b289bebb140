import type { Toast } from '../../state/screen.ts';
import type { AddReport } from '../../workspace/api.ts';
import { plural } from '../parts/format.ts';

/** Lines shown of each kind before the rest is only counted. */
const MOST_LINES = 3;

function firstLines<T>(all: readonly T[], line: (one: T) => string): string[] {
  const lines = all.slice(0, MOST_LINES).map(line);
  if (all.length > MOST_LINES) lines.push(`and ${plural(all.length - MOST_LINES, 'more', 'more')}`);
  return lines;
}

/** What became of added files, in one calm notice. `unreadable` are paths that the browser could not open. */
export function reportToast(report: AddReport, unreadable: readonly string[]): Omit<Toast, 'id'> {
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
