import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/errors.ts';
import { createNorthbound } from '../northbound.ts';
import type { FlowRecord } from '../services.ts';
import { deferred } from '../testing/deferred.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';

/** Sends bytes as they are, and answers with all that comes until the connection ends. */
async function exchangeRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('what is no HTTP', () => {
  it.each([
    ['garbage', 'EHLO mail\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['headers that are too large', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is refused: %s', async (_what, bytes, status) => {
    const { port } = await startHarness();
    expect(await exchangeRaw(port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('is answered with a problem', async () => {
    const { port } = await startHarness();
    const answer = await exchangeRaw(port, 'EHLO mail\r\n\r\n');
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ title: 'Bad Request', status: 400 });
  });

  it('does not wait for ever for headers or bodies', async () => {
    const { port } = await startHarness({ limits: { headersTimeoutMs: 50, requestTimeoutMs: 100 } });
    const slowHeaders = exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n');
    const slowBody = exchangeRaw(
      port,
      'PUT /api/v1/hosts/h1/name HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    expect(await slowHeaders).toMatch(/^HTTP\/1.1 408 /);
    expect(await slowBody).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('where it listens', () => {
  const logger = pino({ enabled: false });

  it('says in words that the port is taken', async () => {
    const { port } = await startHarness();
    const second = createNorthbound({ services: createFakeServices(), logger, http: { host: '127.0.0.1', port } });
    await expect(second.listen()).rejects.toThrow(InputError);
    await expect(second.listen()).rejects.toThrow(/Another program listens on 127.0.0.1/);
    await second.close();
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org', '127.0.0.1.example.org'])('refuses %s', (host) => {
    const services = createFakeServices();
    expect(() => createNorthbound({ services, logger, http: { host, port: 0 } })).toThrow(InputError);
    expect(services.listeners).toBe(0);
  });

  it('says where it is', async () => {
    const northbound = createNorthbound({
      services: createFakeServices(),
      logger,
      http: { host: 'localhost', port: 0 },
    });
    const { host, port } = await northbound.listen();
    expect(['127.0.0.1', '::1']).toContain(host);
    expect(port).toBeGreaterThan(0);
    await northbound.close();
  });
});

describe('closing', () => {
  it('lets an open request end, then takes no more', async () => {
    const services = createFakeServices();
    const asked = deferred();
    const answer = deferred<readonly FlowRecord[]>();
    services.installed = () => {
      asked.resolve();
      return answer.promise;
    };
    const { send, close, port } = await startHarness({ services, limits: { closeGraceMs: 30_000 } });
    const open = send('/api/v1/switches/s1/flows');
    await asked.promise;
    const closed = close();
    answer.resolve([]);
    expect((await open).status).toBe(200);
    await closed;
    const late = connect(port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect(services.listeners).toBe(0);
  });

  it('ends idle connections at once, and twice is as good as once', async () => {
    const { port, close } = await startHarness({ limits: { closeGraceMs: 30_000, keepAliveTimeoutMs: 30_000 } });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await close();
    await ended;
    await close();
  });

  it('cuts a request that does not end within the grace', async () => {
    const services = createFakeServices();
    const asked = deferred();
    services.installed = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const { port, close } = await startHarness({ services, limits: { closeGraceMs: 20 } });
    const raw = exchangeRaw(port, 'GET /api/v1/switches/s1/flows HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked.promise;
    await close();
    expect(await raw).toBe('');
  });
});
