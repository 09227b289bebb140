import { appendFileSync } from 'node:fs';
import { startQdrantServer } from './qdrant-server.ts';

/**
 * The tests' stand-in for Qdrant, to be spoken to by other programs: prints its address, and writes every request into
 * a file, a line each, for scripts/check-upsert.py.
 *   tsx scripts/qdrant-stand-in.ts requests.jsonl
 */
const log = process.argv[2] ?? 'requests.jsonl';
const server = await startQdrantServer();
server.intervene = ({ method, path, body, agent }) => {
  appendFileSync(log, `${JSON.stringify({ method, path, body: body ?? null, ours: agent === 'node' })}\n`);
  return false;
};
process.stdout.write(`${server.address}\n`);
