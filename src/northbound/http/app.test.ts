import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/errors.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';

const NAME = '/api/v1/hosts/h1/name';

describe('errors', () => {
  it.each(['/api/v1/nothing', '/api/v2/health', '/nothing.html', '/api/v1/switches/s1/ports/1'])(
    'answers 404 for %s and says where to look',
    async (path) => {
      const { send } = await startHarness();
      const { status, json, headers } = await send(path);
      expect(status).toBe(404);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(json).toMatchObject({ detail: `There is no ${path}; GET /api/v1/docs shows what there is.` });
    },
  );

  it.each([
    ['POST', '/api/v1/switches', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/api/v1/switches/s1', 'GET, HEAD, OPTIONS'],
    ['GET', NAME, 'DELETE, OPTIONS, PUT'],
    ['PATCH', '/metrics', 'GET, HEAD, OPTIONS'],
  ])('answers 405 to %s %s with Allow', async (method, path, allow) => {
    const { send } = await startHarness();
    const { status, headers } = await send(path, { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe(allow);
  });

  it('answers OPTIONS with Allow, and no CORS header', async () => {
    const { send } = await startHarness();
    const { status, headers } = await send(NAME, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.allow).toBe('DELETE, OPTIONS, PUT');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('answers HEAD as GET, without the body', async () => {
    const { send } = await startHarness();
    const { status, text } = await send('/api/v1/switches', { method: 'HEAD' });
    expect(status).toBe(200);
    expect(text).toBe('');
  });

  it('names an unknown parameter where a route takes none', async () => {
    const { send } = await startHarness();
    const { status, json } = await send('/api/v1/links?limit=3');
    expect(status).toBe(400);
    expect(json).toMatchObject({
      detail: 'Correct this and send it again: limit: is not a parameter of this request',
      errors: [{ path: 'limit', message: 'is not a parameter of this request' }],
    });
  });

  it('answers 400 to an address that cannot be decoded', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/switches/%zz')).status).toBe(400);
  });

  it('turns an InputError into 400', async () => {
    const services = createFakeServices();
    services.findPaths = () => {
      throw new InputError('These two are the same: ask for two.');
    };
    const { send } = await startHarness({ services });
    const { status, json } = await send('/api/v1/paths?from=s1&to=s1');
    expect(status).toBe(400);
    expect(json).toMatchObject({ detail: 'These two are the same: ask for two.' });
  });

  it('answers 500 to what nobody foresaw, keeps the stack to itself and logs it', async () => {
    const services = createFakeServices();
    services.installed = () => Promise.reject(new TypeError('secret inside'));
    const { send, logged } = await startHarness({ services });
    const { status, text } = await send('/api/v1/switches/s1/flows');
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(text).not.toContain('.ts');
    const line = logged.find((each) => each['msg'] === 'request failed');
    expect(line).toMatchObject({ err: { type: 'TypeError', message: 'secret inside' }, method: 'GET' });
  });
});

describe('bodies', () => {
  it('refuses malformed JSON with 400', async () => {
    const { send } = await startHarness();
    const { status, json } = await send(NAME, { method: 'PUT', body: '{"name": ' });
    expect(status).toBe(400);
    expect(json).toMatchObject({ detail: expect.stringContaining('is not JSON') as string });
  });

  it('refuses more than 64 KiB with 413', async () => {
    const { send, services } = await startHarness();
    const body = JSON.stringify({ name: 'a'.repeat(64 * 1024) });
    const { status, json } = await send(NAME, { method: 'PUT', body });
    expect(status).toBe(413);
    expect(json).toMatchObject({ detail: 'The body is larger than 65536 bytes: send less at once.' });
    expect(services.named).toEqual([]);
  });

  it('refuses another type than JSON with 415', async () => {
    const { send } = await startHarness();
    const headers = { 'Content-Type': 'text/plain' };
    expect((await send(NAME, { method: 'PUT', body: '{"name":"h1"}', headers })).status).toBe(415);
  });

  it('refuses an unknown encoding or character set with 415', async () => {
    const { send } = await startHarness();
    const body = '{"name":"h1"}';
    expect((await send(NAME, { method: 'PUT', body, headers: { 'Content-Encoding': 'rot13' } })).status).toBe(415);
    const headers = { 'Content-Type': 'application/json; charset=klingon' };
    expect((await send(NAME, { method: 'PUT', body, headers })).status).toBe(415);
  });

  it('asks for the body where there is none', async () => {
    const { send } = await startHarness();
    const { status, json } = await send(NAME, { method: 'PUT', headers: { 'Content-Type': 'application/json' } });
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path: 'name', message: 'is required' }] });
  });
});

describe('who may ask', () => {
  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:9', '[::1]', '[::1]:8080'])('accepts the host %s', async (Host) => {
    const { send } = await startHarness();
    expect((await send('/api/v1/health', { headers: { Host } })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:8080', '10.0.0.1', 'localhost:x', '@localhost'])(
    'refuses the host %s for every path',
    async (Host) => {
      const { send } = await startHarness();
      for (const path of ['/api/v1/health', '/metrics', '/', '/api/v1/docs']) {
        const { status, headers } = await send(path, { headers: { Host } });
        expect(status).toBe(403);
        expect(headers['content-type']).toBe('application/problem+json');
      }
    },
  );

  it('refuses writes of pages of other sites', async () => {
    const { send, services } = await startHarness();
    for (const Origin of ['http://evil.example', 'null', 'https://localhost.evil.example']) {
      const refused = await send(NAME, { method: 'PUT', body: { name: 'x' }, headers: { Origin } });
      expect(refused.status).toBe(403);
    }
    expect(services.named).toEqual([]);
    const headers = { Origin: 'http://localhost:5173' };
    expect((await send(NAME, { method: 'PUT', body: { name: 'x' }, headers })).status).toBe(200);
  });

  it('limits writes, and never reads', async () => {
    const { send } = await startHarness({ limits: { writes: 2, writeWindowMs: 60_000 } });
    const write = () => send(NAME, { method: 'PUT', body: { name: 'x' } });
    expect([(await write()).status, (await write()).status]).toEqual([200, 200]);
    const { status, headers, json } = await write();
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json).toMatchObject({ detail: expect.stringContaining('More than 2 writes in 60 s') as string });
    expect((await send('/api/v1/health')).status).toBe(200);
  });
});

describe('headers and the log', () => {
  it('says on every answer that nothing may be loaded from elsewhere', async () => {
    const { send } = await startHarness();
    for (const path of ['/api/v1/health', '/api/v1/docs', '/nothing']) {
      const { headers } = await send(path);
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-powered-by']).toBeUndefined();
    }
    expect((await send('/api/v1/health')).headers['cache-control']).toBe('no-store');
  });

  it('logs reads at debug level and writes at info, without headers', async () => {
    const { send, logged } = await startHarness();
    await send('/api/v1/health', { headers: { Authorization: 'Bearer secret' } });
    await send(NAME, { method: 'PUT', body: { name: 'x' } });
    const lines = logged.filter((line) => line['msg'] === 'request completed');
    expect(lines).toMatchObject([
      { level: 20, req: { method: 'GET', url: '/api/v1/health' }, res: { statusCode: 200 } },
      { level: 30, req: { method: 'PUT', url: NAME } },
    ]);
    expect(JSON.stringify(logged)).not.toContain('secret');
  });
});
