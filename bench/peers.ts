import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ROOT } from '../scripts/build.ts';

const BENCH = join(ROOT, 'bench');
const MODULES = join(BENCH, 'node_modules');

/** Says on standard error what is left out of a benchmark, and why. */
export function skip(name: string, reason: string): void {
  process.stderr.write(`Not measured: ${name}. ${reason}\n`);
}

/**
 * The programs that we are measured against are no part of ours: they have a package.json of their own and are
 * installed when they are first needed (280 MB). False where that fails.
 */
export function installPeers(): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(BENCH, 'package.json'), 'utf8'));
  if (Object.keys(dependencies).every(name => existsSync(join(MODULES, name)))) return true;
  process.stderr.write('Installing what we are measured against: npm ci --prefix bench --ignore-scripts\n');
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', BENCH, '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  return status === 0;
}

/**
 * Puts transformers.js, the runtime that it computes with and a model beside a built page, so that nothing of them
 * comes from elsewhere. False, and a line that says so, where there is no model.
 */
export async function addTransformers(page: string, model: string | undefined): Promise<boolean> {
  if (model === undefined) {
    skip('transformers.js', 'Give it a model: --transformers FOLDER, with onnx/model_quantized.onnx in it.');
    return false;
  }
  if (!existsSync(join(model, 'onnx', 'model_quantized.onnx'))) {
    throw new Error(`There is no onnx/model_quantized.onnx in ${resolve(model)}.`);
  }
  const peers = join(page, 'peers');
  await mkdir(peers, { recursive: true });
  const link = (from: string, name: string) => symlink(resolve(from), join(peers, name), 'junction');
  await link(join(MODULES, '@huggingface', 'transformers', 'dist'), 'transformers');
  await link(join(MODULES, 'onnxruntime-web', 'dist'), 'onnxruntime');
  await link(model, 'model');
  return true;
}
