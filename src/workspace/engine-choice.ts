import type { EngineChoice, EngineId, EngineReport } from '../domain/engine.ts';
import { VecdropError } from '../domain/errors.ts';
import { choose, REFERENCE } from '../embed/choose.ts';
import type { Machine } from '../embed/engine-factory.ts';
import type { Fall } from '../embed/guard.ts';
import type { Database } from '../store/database.ts';
import { readEngineRecord, writeEngineRecord } from '../store/engines.ts';
import type { EngineRecord } from '../store/schema.ts';

/** Which engine serves a model on this machine: found once, and kept. */
export interface EngineChoices {
  /** Undefined before a test ran here, or where it ran under another version, browser or GPU. */
  get(modelId: string): Promise<EngineChoice | undefined>;
  /** Keeps what a test found; the person's choice stays. */
  keep(modelId: string, reports: EngineReport[]): Promise<EngineChoice>;
  /** Rejects with 'engine/failed' where the engine is not among those that gave right vectors. */
  choose(modelId: string, engine: EngineId | 'auto'): Promise<EngineChoice | undefined>;
  /** An engine failed after it had been taken: it is not taken again, until it passes another test. */
  fell(modelId: string, engine: EngineId, fall: Fall): Promise<void>;
}

export function createEngineChoices(
  db: Database,
  version: string,
  thisMachine: () => Promise<Machine>,
  agent = navigator.userAgent,
): EngineChoices {
  let machine: Promise<string> | undefined;

  function here(): Promise<string> {
    machine ??= thisMachine().then(({ gpu = 'no GPU' }) => [version, agent, gpu].join(' | '));
    return machine;
  }

  async function recordOf(modelId: string): Promise<EngineRecord | undefined> {
    const record = await readEngineRecord(db, modelId);
    return record?.machine === (await here()) ? record : undefined;
  }

  async function write(modelId: string, wanted: EngineId | 'auto', reports: EngineReport[]) {
    await writeEngineRecord(db, { key: `engine:${modelId}`, machine: await here(), wanted, reports });
    return choose(reports, wanted);
  }

  return {
    async get(modelId) {
      const record = await recordOf(modelId);
      return record && choose(record.reports, record.wanted);
    },
    async keep(modelId, reports) {
      const before = await readEngineRecord(db, modelId);
      return write(modelId, before?.wanted ?? 'auto', reports);
    },
    async choose(modelId, engine) {
      const record = await recordOf(modelId);
      if (!record) return undefined;
      const report = record.reports.find(candidate => candidate.engine === engine);
      if (engine !== 'auto' && report?.outcome !== 'right') {
        const why = report?.reason ?? 'It cannot run this model here.';
        throw new VecdropError('engine/failed', `This engine cannot be chosen. ${why}`);
      }
      return write(modelId, engine, record.reports);
    },
    async fell(modelId, engine, { outcome, cosine, reason }) {
      const record = await recordOf(modelId);
      const others = (
        record?.reports ?? [{ engine: REFERENCE, name: 'wllama, CPU', outcome: 'right' }]
      ).filter(report => report.engine !== engine);
      const name = record?.reports.find(report => report.engine === engine)?.name ?? engine;
      const report: EngineReport = {
        engine,
        name,
        outcome,
        reason,
        ...(cosine === undefined ? {} : { cosine }),
      };
      const wanted = record?.wanted === engine ? 'auto' : (record?.wanted ?? 'auto');
      await write(modelId, wanted, [report, ...others]);
    },
  };
}
