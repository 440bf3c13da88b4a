/** Events of the timeline for tests. */
import type { TimelineEvent } from '../src/wire.ts';

export function eventOf(id: number, part: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    id,
    at: '2026-01-01T00:00:00.000Z',
    type: 'host.seen',
    severity: 'info',
    subject: { kind: 'host', id: '00:00:00:00:00:01', name: 'h1', dpid: '0000000000000001' },
    message: `Event ${id}.`,
    cause: null,
    ...part,
  };
}
