import type { HostUse } from '../../workspace/models-api.ts';
import { hostOf, size } from '../parts/format.ts';

/** '0 bytes sent', '1.2 kB sent to example.org', '1.2 MB sent to 2 hosts' */
export function sentWords(hosts: readonly HostUse[]): string {
  const reached = hosts.filter(({ sentBytes }) => sentBytes > 0);
  const [first] = reached;
  if (!first) return '0 bytes sent';
  const bytes = reached.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  return `${size(bytes)} sent to ${reached.length === 1 ? hostOf(first.origin) : `${reached.length} hosts`}`;
}
