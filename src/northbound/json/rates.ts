/** What flows over links and through ports, as REST and the stream show it. */
import { z } from 'zod';
import type { PortRates } from '../../topology/traffic/port-history.ts';
import type { LinkRates } from '../../topology/traffic/traffic.ts';

const rate = (what: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${what}, bits per second; null before two readings, and where the switch does not tell` });

export const linkRatesShape = {
  aToBBps: rate('From `a` to `b`'),
  bToABps: rate('From `b` to `a`'),
  utilization: z.number().nullable().meta({
    description: 'The busier direction as a part of the capacity, 1 being full; null where one of the two is not known',
  }),
};

export const portRatesShape = { rxBps: rate('Received'), txBps: rate('Sent') };

/** Parts in a million are as fine as anyone needs. */
const UTILIZATION_STEPS = 1e6;

export function linkRatesToJson({ aToBBps, bToABps }: LinkRates, capacityBps: number | null) {
  const busier = Math.max(aToBBps ?? -1, bToABps ?? -1);
  const isKnown = busier >= 0 && capacityBps !== null;
  return {
    aToBBps: whole(aToBBps),
    bToABps: whole(bToABps),
    utilization: isKnown ? Math.round((busier / capacityBps) * UTILIZATION_STEPS) / UTILIZATION_STEPS : null,
  };
}

export function portRatesToJson(rates: PortRates | undefined) {
  return { rxBps: whole(rates?.rxBps), txBps: whole(rates?.txBps) };
}

function whole(bps: number | undefined): number | null {
  return bps === undefined ? null : Math.round(bps);
}
