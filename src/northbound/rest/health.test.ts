import { describe, expect, it } from 'vitest';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';

describe('GET /health', () => {
  it('counts what there is', async () => {
    const { send } = await startHarness();
    const { status, json } = await send('/api/v1/health');
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'ok', version: '1.2.3', switches: 3, links: 2, hosts: 2 });
    expect((json as { uptimeSeconds: number }).uptimeSeconds).toBeGreaterThanOrEqual(5);
  });

  it('answers 503 until the controller is ready', async () => {
    const services = createFakeServices();
    services.isReady = false;
    const { send } = await startHarness({ services });
    const { status, json, headers } = await send('/api/v1/health');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('2');
    expect(json).toMatchObject({ status: 'starting', switches: 3 });
  });
});
