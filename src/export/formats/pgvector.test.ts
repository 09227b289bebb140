import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { afterAll, expect, it } from 'vitest';
import { awkwardRecords, encoded } from '../testing.ts';
import { pgvector } from './pgvector.ts';

/** Starting it takes most of the time. */
let db: PGlite | undefined;
afterAll(() => db?.close());

it.each([
  ['float32', 'vector'],
  ['float16', 'halfvec'],
] as const)(
  'PostgreSQL runs it twice, with the same rows, and finds the nearest (%s)',
  async (precision, type) => {
    db ??= await PGlite.create({ extensions: { vector } });
    await db.exec('DROP TABLE IF EXISTS harbour_papers');
    const sql = new TextDecoder().decode(await encoded(pgvector, awkwardRecords, { precision }));
    await db.exec(sql);
    await db.exec(sql);
    const { rows } = await db.query<{ id: string; text: string; headings: string[]; page: number | null }>(
      `SELECT id, text, headings, page FROM harbour_papers ORDER BY embedding <=> '[0.3, 0.6, -1]'::${type}`,
    );
    expect(rows.map(({ id }) => id)).toEqual([awkwardRecords[1]?.id, awkwardRecords[0]?.id]);
    expect(rows.map(({ text }) => text)).toEqual([awkwardRecords[1]?.text, awkwardRecords[0]?.text]);
    expect(rows.map(({ headings }) => headings)).toEqual([[], awkwardRecords[0]?.headings]);
    expect(rows.map(({ page }) => page)).toEqual([null, 3]);
  },
);
