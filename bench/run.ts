import { cpus, loadavg } from 'node:os';
import { busy } from './busy.ts';
import { embed } from './embed.ts';
import { exporting } from './export.ts';
import { heap } from './heap.ts';
import { importing } from './import.ts';
import { longestTask } from './longest-task.ts';
import { map } from './map.ts';
import { open } from './open.ts';
import { type Options, readOptions } from './options.ts';
import { pipeline } from './pipeline.ts';
import { reload } from './reload.ts';
import { type Measure, reached, table } from './report.ts';
import { search } from './search.ts';
import { sharedPage } from './share.ts';
import { text } from './text.ts';

/** Each stands for itself and may be asked for by name; see docs/BENCHMARKS.md. */
const BENCHMARKS: Record<string, (options: Options) => Promise<Measure[]>> = {
  embed,
  pipeline,
  text,
  search,
  open,
  map,
  export: exporting,
  share: sharedPage,
  page: longestTask,
  busy,
  heap,
  reload,
  import: importing,
};

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
}
const { names, json } = options;
const unknown = names.filter(name => !(name in BENCHMARKS));
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.\n`,
  );
  process.exit(2);
}

const measures: Measure[] = [];
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  process.stderr.write(`Measuring: ${name} …\n`);
  measures.push(...(await (BENCHMARKS[name] as (typeof BENCHMARKS)[string])(options)));
}
const machine = {
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
  node: process.version,
  load: loadavg()[0],
};
if (json) {
  const rows = measures.map(({ engine: _, ...measure }) => ({ ...measure, reached: reached(measure) }));
  const engines = measures.flatMap(({ engine }) => engine ?? []);
  process.stdout.write(`${JSON.stringify({ machine, engines, measures: rows }, undefined, 2)}\n`);
} else {
  process.stdout.write(`${table(measures)}\n\n`);
  process.stdout.write(
    `${machine.cores} × ${machine.cpu}, Node ${machine.node}, load ${machine.load?.toFixed(1)}\n`,
  );
}
