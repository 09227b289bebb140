import type { Page } from '@playwright/test';
import type { FileRow } from '../src/domain/collection.ts';
import { expect } from './fixtures.ts';
import * as tiny from './tiny.ts';

/** Files of a collection by path. */
export type Files = Record<string, FileRow>;

export async function filesByPath(page: Page, collection: string): Promise<Files> {
  return byPath(await tiny.filesOf(page, collection));
}

/** Waits until a collection has so many files and none of them has work left. */
export async function settled(page: Page, collection: string, count: number): Promise<Files> {
  return byPath(await tiny.settled(page, collection, count));
}

function byPath(rows: FileRow[]): Files {
  return Object.fromEntries(rows.map(row => [row.path, row]));
}

/** Chooses files as the button does. */
export async function choose(page: Page, paths: string[]): Promise<void> {
  await page.getByLabel('Files to add').setInputFiles(paths);
}

/** Chooses a folder as the button does. */
export async function chooseFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel('Folder to add').setInputFiles(path);
}

/** What the page says in passing. */
export async function told(page: Page, ...texts: string[]): Promise<void> {
  const notices = page.getByRole('region', { name: 'Notices' });
  for (const text of texts) await expect(notices).toContainText(text);
}

/** A file's whole text as the page shows it. */
export function textOf(page: Page, file: FileRow | undefined): Promise<string> {
  return page.evaluate(
    async id => vecdrop.text(id, 0, (await vecdrop.document(id))?.length ?? 0),
    idOf(file),
  );
}

/** The text of one chunk of a file. */
export function chunkText(page: Page, file: FileRow | undefined, ordinal: number): Promise<string> {
  return page.evaluate(
    async ({ id, ordinal }) => {
      const chunks = (await vecdrop.document(id))?.chunks;
      return vecdrop.text(id, chunks?.starts[ordinal] ?? 0, chunks?.ends[ordinal] ?? 0);
    },
    { id: idOf(file), ordinal },
  );
}

export interface Coverage {
  /** UTF-16 units of the text. */
  length: number;
  chunks: number;
  /** Of the largest chunk. */
  mostTokens: number;
  /** Characters that are not blank and in no chunk. */
  uncovered: number;
}

/** How a file's chunks cover its text. */
export function coverage(page: Page, file: FileRow | undefined): Promise<Coverage> {
  return page.evaluate(async id => {
    const info = await vecdrop.document(id);
    if (!info) throw new Error('There is no document.');
    const { length, chunks } = info;
    const pieces: string[] = [];
    for (let at = 0; at < length; at += 4_194_304) {
      pieces.push(await vecdrop.text(id, at, Math.min(length, at + 4_194_304)));
    }
    const text = pieces.join('');
    let uncovered = 0;
    let at = 0;
    for (let i = 0; i <= chunks.count; i++) {
      const start = chunks.starts[i] ?? length;
      if (start > at) uncovered += text.slice(at, start).replace(/\s+/g, '').length;
      at = Math.max(at, chunks.ends[i] ?? length);
    }
    const mostTokens = chunks.tokens.reduce((most, tokens) => Math.max(most, tokens), 0);
    return { length: text.length, chunks: chunks.count, mostTokens, uncovered };
  }, idOf(file));
}

function idOf(file: FileRow | undefined): string {
  if (!file) throw new Error('There is no such file in the list.');
  return file.id;
}

/** Scripts of the workers of a kind: every engine has its own. */
const NAMES = { ingest: ['ingest'], embed: ['embed', 'kernel'], workspace: ['workspace'] } as const;

export type WorkerKind = keyof typeof NAMES;

/** Whether a script is the one that workers of a kind start with. */
export function startsWorker(kind: WorkerKind, pathname: string): boolean {
  return NAMES[kind].some(name => pathname.includes(`/${name}.worker`));
}

/**
 * For `serve`: makes every worker of a kind run some code for each message it gets, before it looks at it itself.
 * The code sees `values`, the arguments of the call, and `event`.
 */
export function onCall(kind: WorkerKind, code: string) {
  return (pathname: string, body: string): string | undefined => {
    if (!startsWorker(kind, pathname)) return undefined;
    return `self.addEventListener('message', event => {
      const { data } = event;
      const values = (data?.argumentList ?? []).map(({ value }) => value);
      ${code}
    });\n${body}`;
  };
}
