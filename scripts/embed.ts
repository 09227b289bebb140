import { BadArguments } from './bad-arguments.ts';
import { buildIfStale } from './build.ts';
import { readArguments, USAGE } from './embed/arguments.ts';
import { gatherInputs } from './embed/inputs.ts';
import { hostsOf } from './embed/model.ts';
import { type EmbedPage, openPage, sentenceOf } from './embed/page.ts';
import { progressTo } from './embed/progress.ts';
import { embedFiles } from './embed/work.ts';

// npm runs scripts in the project's folder; paths are meant from where the person is.
if (process.env.npm_lifecycle_event === 'embed' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.exitCode = await main(process.argv.slice(2));

/** 0: all embedded; 1: some file, or the whole, failed; 2: arguments that cannot be obeyed. */
async function main(argv: string[]): Promise<number> {
  const report = progressTo(process.stderr);
  let page: EmbedPage | undefined;
  const interrupt = () => void page?.close().finally(() => process.exit(130));
  try {
    const wanted = readArguments(argv);
    if (wanted === 'help') {
      process.stdout.write(USAGE);
      return 0;
    }
    const out = wanted.out.flatMap(({ files }) => files.map(({ path }) => path));
    const { files, skipped } = await gatherInputs(wanted.inputs, out);
    for (const line of skipped) report.say(`Skipped: ${line}`);
    if (files.length === 0) throw new BadArguments('There is no file to embed in what was named.');
    await buildIfStale();
    page = await openPage(hostsOf(wanted.model));
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    const outcome = await embedFiles(page, files, wanted, report);
    const written = outcome.files - outcome.failed;
    report.say(`${out.join(', ')}: ${outcome.chunks} vectors of ${written} of ${outcome.files} files`);
    return outcome.failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof BadArguments)) {
      report.say(`Nothing was written. ${sentenceOf(error)}`);
      return 1;
    }
    report.say(`${error.message}\n\n${USAGE}`);
    return 2;
  } finally {
    await page?.close();
  }
}
