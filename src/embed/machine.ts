import type { Machine } from './engine-factory.ts';

interface Adapter {
  info: { vendor: string; architecture: string; device: string; description: string };
}

type WithGpu = typeof navigator & {
  deviceMemory?: number;
  gpu?: { requestAdapter(): Promise<Adapter | null> };
};

/** Longer than any browser takes to answer; one whose GPU process hangs never does. */
const ADAPTER_MS = 5_000;

/** This machine, as far as the browser tells. Works on the page and in workers. */
export async function thisMachine(): Promise<Machine> {
  const { hardwareConcurrency, deviceMemory } = navigator as WithGpu;
  return {
    cores: hardwareConcurrency,
    memoryGB: deviceMemory,
    isolated: globalThis.crossOriginIsolated === true,
    gpu: await adapterName(),
  };
}

async function adapterName(): Promise<string | undefined> {
  const { gpu } = navigator as WithGpu;
  if (!gpu) return undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, ADAPTER_MS, null);
  });
  const adapter = await Promise.race([gpu.requestAdapter().catch(() => null), late]);
  clearTimeout(timer);
  if (!adapter) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter(Boolean).join(' ') || 'GPU';
}
