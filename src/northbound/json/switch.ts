/** A switch and its ports as REST and the stream show them. */
import { z } from 'zod';
import { formatMac } from '../../core/addresses.ts';
import type { PortCounters } from '../../topology/traffic/counters.ts';
import type { PortRates } from '../../topology/traffic/port-history.ts';
import type { Port, Switch } from '../../topology/view.ts';
import { CounterJson, DpidJson, MacJson, PortNumberJson, counter, isoTime, timeJson } from './common.ts';
import { portRatesShape, portRatesToJson } from './rates.ts';

const portShape = {
  number: PortNumberJson,
  name: z.string().meta({ example: 's1-eth1' }),
  mac: MacJson,
  up: z.boolean(),
  damped: z.boolean().meta({ description: 'It goes up and down too often, and counts as down until it is quiet' }),
  kind: z.enum(['host', 'fabric', 'unknown']).meta({
    description: 'What the port leads to; until it is known, the port carries nothing but LLDP',
  }),
  speedBps: z.number().nullable().meta({ description: 'Bits per second; null where the switch does not say' }),
};

export const PortJson = z.object(portShape).meta({ id: 'Port' });

export const PortWithCountersJson = z
  .object({
    ...portShape,
    rxPackets: CounterJson,
    txPackets: CounterJson,
    rxBytes: CounterJson,
    txBytes: CounterJson,
    rxDropped: CounterJson,
    txDropped: CounterJson,
    ...portRatesShape,
    ratesOverMs: z.number().nullable().meta({ description: 'The milliseconds that the rates are an average of' }),
  })
  .meta({
    id: 'PortWithCounters',
    description: 'A port and what the switch counted on it, asked of the switch now; rates are of the last polls',
  });

export const SwitchJson = z
  .object({
    dpid: DpidJson,
    name: z.string().meta({ example: 's1' }),
    connected: z.boolean().meta({ description: 'False while its session is gone; its tables forward on' }),
    remoteAddress: z.string(),
    connectedSince: timeJson('When its session began, or its last one where it is not connected'),
    manufacturer: z.string(),
    hardware: z.string(),
    software: z.string(),
    serial: z.string(),
    description: z.string(),
    tables: z.int().meta({ description: 'Flow tables the switch has' }),
    ports: z.array(PortJson).meta({ description: 'In order of their numbers' }),
  })
  .meta({ id: 'Switch' });

export type PortJson = z.infer<typeof PortJson>;
export type PortWithCountersJson = z.infer<typeof PortWithCountersJson>;
export type SwitchJson = z.infer<typeof SwitchJson>;

export function portToJson(port: Port): PortJson {
  return {
    number: port.number,
    name: port.name,
    mac: formatMac(port.mac),
    up: port.up,
    damped: port.damped ?? false,
    kind: port.kind,
    speedBps: port.speedBps === 0 ? null : port.speedBps,
  };
}

export interface PortSeen {
  /** Undefined where the switch answered without this port. */
  readonly counters: PortCounters | undefined;
  /** Undefined where there are none yet, or any more. */
  readonly rates: PortRates | undefined;
}

export function portWithCountersToJson(port: Port, { counters, rates }: PortSeen): PortWithCountersJson {
  return {
    ...portToJson(port),
    rxPackets: counters ? counter(counters.rxPackets) : null,
    txPackets: counters ? counter(counters.txPackets) : null,
    rxBytes: counters ? counter(counters.rxBytes) : null,
    txBytes: counters ? counter(counters.txBytes) : null,
    rxDropped: counters ? counter(counters.rxDropped) : null,
    txDropped: counters ? counter(counters.txDropped) : null,
    ...portRatesToJson(rates),
    ratesOverMs: rates ? Math.round(rates.overMs) : null,
  };
}

export function portsInOrder(sw: Switch): Port[] {
  return [...sw.ports.values()].sort((a, b) => a.number - b.number);
}

export function switchToJson(sw: Switch): SwitchJson {
  return {
    dpid: sw.dpid,
    name: sw.name,
    connected: sw.connected,
    remoteAddress: sw.remoteAddress,
    connectedSince: isoTime(sw.connectedSince),
    manufacturer: sw.manufacturer,
    hardware: sw.hardware,
    software: sw.software,
    serial: sw.serial,
    description: sw.description,
    tables: sw.tables,
    ports: portsInOrder(sw).map(portToJson),
  };
}
