import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { expect, it } from 'vitest';
import { awkwardRecords } from '../../testing.ts';

it('a database written on disk opens elsewhere, and leaves nothing behind', async () => {
  const worker = new Worker(new URL('./sqlite.browser.worker.ts', import.meta.url), { type: 'module' });
  const answer = new Promise<MessageEvent>((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
  });
  worker.postMessage(500);
  const { error, bytes, before, during, after } = (await answer).data;
  worker.terminate();
  expect(error).toBeUndefined();
  expect(during).toHaveLength(before.length + 1);
  expect(after).toEqual(before);
  const sqlite3 = await sqlite3InitModule();
  const db = new sqlite3.oo1.DB();
  const at = sqlite3.wasm.allocFromTypedArray(bytes);
  const flags = sqlite3.capi.SQLITE_DESERIALIZE_FREEONCLOSE;
  sqlite3.capi.sqlite3_deserialize(db, 'main', at, bytes.length, bytes.length, flags);
  expect(db.selectValue('PRAGMA integrity_check')).toBe('ok');
  expect(db.selectValue('SELECT count(*) FROM chunks')).toBe(500);
  const blob = db.selectValue('SELECT embedding FROM chunks WHERE ordinal = 1') as Uint8Array;
  expect(Array.from(new Float32Array(blob.slice().buffer))).toEqual(
    Array.from(awkwardRecords[1]?.embedding ?? []),
  );
  expect(db.selectValue('SELECT text FROM chunks WHERE ordinal = 0')).toBe(awkwardRecords[0]?.text);
  db.close();
});
