import { describe, expect, it } from 'vitest';
import type { SkipCounts } from '../../state/walk.ts';
import type { AddReport } from '../../workspace/api.ts';
import { movedToast, reportToast, unchangedToast } from './report.ts';

const nothing: AddReport = {
  added: 0,
  unchanged: 0,
  changed: 0,
  renamed: [],
  failed: [],
  models: [],
  binary: { files: 0, of: [] },
};

describe('reportToast', () => {
  it('says each thing once and leaves out what did not happen', () => {
    expect(reportToast({ ...nothing, added: 2, unchanged: 1 }, [])).toEqual({
      tone: 'plain',
      text: 'Added 2 files · 1 file already here, unchanged.',
    });
    expect(reportToast(nothing, []).text).toBe('Nothing was added.');
  });

  it('names the first failures with their reasons and counts the rest', () => {
    const failed = Array.from({ length: 5 }, (_, i) => ({
      path: `f${i}`,
      error: { code: 'file/binary', message: 'It is not text.' },
    }));
    const toast = reportToast({ ...nothing, failed }, []);
    expect(toast.tone).toBe('bad');
    expect(toast.details).toEqual([
      'f0: It is not text.',
      'f1: It is not text.',
      'f2: It is not text.',
      'and 2 more',
    ]);
  });

  it('tells under which name a file is kept', () => {
    const toast = reportToast({ ...nothing, added: 1, renamed: [['a.md', 'a (2).md']] }, ['lost.txt']);
    expect(toast.details?.[0]).toContain('a.md is kept as a (2).md');
    expect(toast.text).toContain('1 file not added');
  });

  it('says in one line what was left out of folders, and why', () => {
    const lineOf = (counts: SkipCounts) => reportToast({ ...nothing, added: 1 }, [], counts).details?.[0];
    const of = (files: number, folders = 0) => ({ files, folders });
    expect(lineOf({ node_modules: of(1180), gitignore: of(20), hidden: of(4), binary: of(30) })).toBe(
      'Skipped 1,234 files: 1,180 files in node_modules, 30 binary files, 20 files ignored by .gitignore, 4 hidden files.',
    );
    expect(lineOf({ node_modules: of(0, 1), gitignore: of(1, 2) })).toBe(
      'Skipped 3 folders and 1 file: 1 node_modules folder, 2 folders and 1 file ignored by .gitignore.',
    );
    expect(lineOf({ hidden: of(1, 1) })).toBe('Skipped 1 hidden folder and 1 hidden file.');
  });
});

it('says what became of folders that were seen again', () => {
  expect(unchangedToast({ folders: ['papers'], unchanged: 1, skipped: undefined }).text).toBe(
    'Nothing has changed in papers: 1 file.',
  );
  expect(movedToast(2, 0).text).toBe('Moved 2 files.');
  expect(movedToast(1, 3).text).toBe('Moved 1 file, removed 3 files.');
  expect(movedToast(0, 1).text).toBe('Removed 1 file.');
});
