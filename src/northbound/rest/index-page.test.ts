import { describe, expect, it } from 'vitest';
import { startHarness } from '../testing/harness.ts';

describe('GET /api/v1', () => {
  it('leads to the document, the page and what is asked for most, and every link holds', async () => {
    const { send } = await startHarness();
    const { status, json } = await send('/api/v1');
    expect(status).toBe(200);
    expect(json).toMatchObject({ version: '1.2.3', links: { openapi: '/api/v1/openapi.json', docs: '/api/v1/docs' } });
    const { links } = json as { links: Record<string, string> };
    for (const [name, path] of Object.entries(links)) {
      // The stream wants a WebSocket, and says so.
      expect((await send(path)).status).toBe(name === 'stream' ? 426 : 200);
    }
  });
});
