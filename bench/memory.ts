import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright';
import { pause } from './browser.ts';

/** The renderer that takes time when its page works, and far more of it than any other that happens to. */
export async function rendererOf(session: CDPSession, page: Page): Promise<number> {
  const times = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]));
  };
  for (let tries = 0; tries < 20; tries++) {
    const before = await times();
    // Some half a second of work, however long the machine takes over it.
    await page.evaluate(() => {
      let sum = 0;
      for (let i = 0; i < 1_000_000_000; i++) sum = (sum + i) | 0;
      return sum;
    });
    const after = [...(await times())].map(([id, time]) => ({ id, took: time - (before.get(id) ?? 0) }));
    const [busiest, next] = after.sort((a, b) => b.took - a.took);
    if (busiest && busiest.took > 0.2 && busiest.took > 2 * (next?.took ?? 0)) return busiest.id;
  }
  throw new Error('Which renderer is the page’s cannot be told while others are as busy.');
}

/**
 * Resident megabytes, once they stay within 1 MB for eight seconds, for a page that a loaded machine gives no time seems
 * to rest too; as they are after a minute and a half.
 */
export async function settled(pid: number): Promise<number> {
  let last = Number.NaN;
  let steady = 0;
  for (let i = 0; i < 180 && steady < 16; i++) {
    await pause(500);
    const now = megabytes(pid, 'VmRSS');
    steady = Math.abs(now - last) < 1 ? steady + 1 : 0;
    last = now;
  }
  return last;
}

/** Resident megabytes of a process, now or at their highest. */
export function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/**
 * The highest resident megabytes from now on. Linux's own peak is not enough: at times it said less than what had been
 * resident before.
 */
export function watchResident(pid: number): { highest(): number; stop(): void } {
  let most = 0;
  const look = () => {
    most = Math.max(most, megabytes(pid, 'VmRSS'), megabytes(pid, 'VmHWM'));
  };
  const timer = setInterval(look, 50);
  return {
    highest() {
      look();
      return most;
    },
    stop: () => clearInterval(timer),
  };
}
