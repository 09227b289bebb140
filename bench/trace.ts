/** An event of Chromium's trace; `dur` and `tdur` are microseconds, of the clock and of the thread's own CPU time. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  /** Of an instant: the thread's CPU time so far, microseconds. */
  tts?: number;
  args?: { name?: string; data?: { functionName?: string; url?: string } };
}

export interface Task {
  cpuMs: number;
  /** The events inside that took most, with their CPU time: to see what it was. */
  inside: string;
}

/** The events of a trace as Chromium writes it: one a line. Traces may be longer than a string can be. */
export function eventsOf(trace: Buffer): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let at = 0; at < trace.length; ) {
    const found = trace.indexOf('\n', at);
    const end = found < 0 ? trace.length : found;
    const line = trace.toString('utf8', at, end);
    // The first line opens the list; behind the last event the list ends and other things follow.
    const last = line.endsWith(',') ? -1 : line.indexOf('],"');
    if (line.startsWith('{"args"')) events.push(JSON.parse(line.slice(0, last)));
    at = end + 1;
  }
  return events;
}

const TASK = 'RunTask';

/** The tasks that took most CPU time on the main threads of all renderers, longest first. */
export function longestTasks(events: readonly TraceEvent[], count: number): Task[] {
  const onMain = onMainThreads(events);
  return onMain
    .filter(({ name }) => name === TASK)
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
    .slice(0, count)
    .map(task => ({ cpuMs: (task.tdur ?? 0) / 1000, inside: inside(task, onMain) }));
}

/** CPU time of all tasks on the main threads of all renderers, in ms. */
export function cpuOfMainThreads(events: readonly TraceEvent[]): number {
  const tasks = onMainThreads(events).filter(({ name }) => name === TASK);
  return tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
}

/** What has a duration there. */
function onMainThreads(events: readonly TraceEvent[]): TraceEvent[] {
  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  return events.filter(({ ph, pid, tid }) => ph === 'X' && mainThreads.has(`${pid}:${tid}`));
}

function inside(task: TraceEvent, events: readonly TraceEvent[]): string {
  const end = task.ts + (task.dur ?? 0);
  return events
    .filter(({ name, pid, ts }) => name !== TASK && pid === task.pid && ts >= task.ts && ts < end)
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
    .slice(0, 4)
    .map(({ name, tdur = 0, args }) =>
      `${name} ${args?.data?.functionName ?? ''}`.trim().concat(` ${(tdur / 1000).toFixed(0)} ms`),
    )
    .join(', ');
}
