/** What Prometheus may know of reactive forwarding; read at each scrape. There are none in the other modes. */
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ConversationCounters, Services } from './services.ts';

const SIMPLE: Readonly<Record<string, readonly [help: string, of: keyof ConversationCounters]>> = {
  signalbox_reactive_packet_ins_total: ['Packets that came up since no rule of a conversation knew them', 'packets'],
  signalbox_reactive_rules_total: ['Rules of conversations sent to switches', 'rules'],
  signalbox_reactive_refusals_total: ['Rules of conversations that switches refused', 'refused'],
};

const OUTCOMES: Readonly<Record<string, keyof ConversationCounters>> = {
  programmed: 'programmed',
  sent_on: 'sentOn',
  flooded: 'flooded',
  flood_limited: 'floodLimited',
  no_way: 'dropped',
};

export function addReactiveMetrics(registry: Registry, { conversations }: Services): void {
  if (!conversations) return;
  const registers = [registry];
  for (const [name, [help, of]] of Object.entries(SIMPLE)) {
    const counter: Counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        counter.reset();
        counter.inc(conversations[of]);
      },
    });
  }
  const answers: Counter = new Counter({
    name: 'signalbox_reactive_answers_total',
    help:
      'What became of them: rules sent along the way (programmed), sent on without (sent_on), to an unknown host and sent to all ' +
      '(flooded) or dropped since there were too many (flood_limited), or dropped for want of a way (no_way)',
    labelNames: ['outcome'],
    registers,
    collect: () => {
      answers.reset();
      for (const [outcome, of] of Object.entries(OUTCOMES)) answers.inc({ outcome }, conversations[of]);
    },
  });
}
