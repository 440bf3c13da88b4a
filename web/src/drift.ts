/** How a switch stands to what is desired of it, in a word and in a sentence. */
import { countOf } from './labels.ts';
import type { DriftInfo } from './wire.ts';

export interface DriftState {
  readonly name: 'unknown' | 'in-sync' | 'differs' | 'refused';
  readonly label: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'off';
}

/** What it refuses will stay wrong until somebody acts; what else differs is being put right. */
export function driftState(drift: DriftInfo | undefined): DriftState {
  if (drift === undefined || drift.readAt === null) return { name: 'unknown', label: 'not read yet', tone: 'off' };
  if (drift.counts.refused > 0) return { name: 'refused', label: `${drift.counts.refused} refused`, tone: 'bad' };
  return drift.inSync
    ? { name: 'in-sync', label: 'in sync', tone: 'good' }
    : { name: 'differs', label: 'differs', tone: 'warn' };
}

export function driftWords({ counts, monitored, repairs }: DriftInfo): string {
  const differing = [
    [counts.missing, 'missing'],
    [counts.changed, 'changed'],
    [counts.extra, 'on the way out'],
  ] as const;
  const parts = differing
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${countOf(count, 'rule', 'rules')} ${what}`);
  if (counts.wars > 0) parts.push(`${countOf(counts.wars, 'rule', 'rules')} changed by someone else again and again`);
  if (counts.foreign > 0) parts.push(`${countOf(counts.foreign, 'foreign rule', 'foreign rules')} left alone`);
  if (repairs > 0) parts.push(countOf(repairs, 'repair', 'repairs'));
  const how = monitored ? 'The switch tells of changes at once.' : 'Checked every 30 s.';
  const text = parts.join(', ');
  return text === '' ? how : `${text.charAt(0).toUpperCase()}${text.slice(1)}. ${how}`;
}
