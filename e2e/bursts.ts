export interface BurstOptions {
  /** Where the API is. */
  base: string;
  requests: number;
  /** Sent at once. */
  burst: number;
  /** Every n-th request is aborted while it may be under way. */
  abortEvery: number;
  model: string;
  /** The vector that token id `i` must get, for each id of the bursts. */
  expected: number[][];
}

export interface BurstReport {
  answered: number;
  aborted: number;
  /** What was answered with another request's answer, or not as it should be. */
  wrong: string[];
}

/**
 * Sends requests in bursts, every one with its own right answer: the vector of one token id, or a 404 that names what
 * was asked for. Needs nothing of this module, so that its text runs in a page as well.
 */
export async function runBursts(
  send: typeof fetch,
  { base, requests, burst, abortEvery, model, expected }: BurstOptions,
): Promise<BurstReport> {
  const report: BurstReport = { answered: 0, aborted: 0, wrong: [] };
  const one = async (i: number) => {
    const controller = new AbortController();
    if (i % abortEvery === 0) setTimeout(() => controller.abort(), i % 40);
    const id = i % expected.length;
    const embeds = i % 2 === 0;
    try {
      const answer = embeds
        ? await send(`${base}/embeddings`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ model, input: [[id]] }),
            signal: controller.signal,
          })
        : await send(`${base}/files/file_${i}`, { signal: controller.signal });
      const body = await answer.json();
      report.answered += 1;
      const right = embeds
        ? JSON.stringify(body.data?.[0]?.embedding) === JSON.stringify(expected[id])
        : answer.status === 404 && body.error.message.includes(`"file_${i}"`);
      if (!right) report.wrong.push(`${i}: ${answer.status} ${JSON.stringify(body).slice(0, 200)}`);
    } catch (error) {
      if (controller.signal.aborted) report.aborted += 1;
      else report.wrong.push(`${i}: ${error}`);
    }
  };
  for (let i = 0; i < requests; i += burst) {
    await Promise.all(Array.from({ length: Math.min(burst, requests - i) }, (_, j) => one(i + j)));
  }
  return report;
}
