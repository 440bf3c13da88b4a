import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { flows } from '../../topology/testing/counted.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { SEEN_AT, dpid, makeHost, makePort, makeSwitch, network } from '../testing/network.ts';
import { openStream, refusedStream } from '../testing/stream-client.ts';
import type { Feed, Subscriber } from './feed.ts';
import { createStreamSockets } from './sockets.ts';

const AT = { dpid: dpid(1), port: 1 };

describe('the stream', () => {
  it('sends a snapshot, then each change, until the client has what REST has', async () => {
    const { port, services, send } = await startHarness();
    const client = await openStream(port);
    await client.reached(1);
    services.setNetwork({ ...services.view(), hosts: new Map() });
    services.setNetwork({ ...services.view(), links: new Map() });
    await client.reached(3);
    expect(client.messages.map((each) => (JSON.parse(each) as { type: string }).type)).toEqual([
      'snapshot',
      'change',
      'change',
    ]);
    const { version, ...topology } = (await send('/api/v1/topology')).json as { version: number };
    expect(client.replica.version).toBe(version);
    expect(client.replica.state()).toEqual(topology);
  });

  it('sends only the topics chosen, in any order and number', async () => {
    const { port, services } = await startHarness();
    const client = await openStream(port, '?topics=hosts,links,hosts');
    services.setNetwork(network([], [], []));
    await client.reached(2);
    expect(client.replica.state()).toEqual({ links: [], hosts: [] });
  });

  it('goes on after a break where it left', async () => {
    const { port, services } = await startHarness();
    const first = await openStream(port);
    await first.reached(1);
    first.webSocket.close();
    await first.closed;
    services.setNetwork({ ...services.view(), hosts: new Map() });
    const again = await openStream(port, `?since=1&run=${first.replica.run}`, { replica: first.replica });
    services.setNetwork({ ...services.view(), links: new Map() });
    await again.reached(3);
    expect(again.replica.snapshots).toBe(1);
    expect(again.replica.state()).toMatchObject({ links: [], hosts: [] });
  });

  it('sends a new snapshot where the changes are gone, or the controller started anew', async () => {
    const { port, services } = await startHarness({ limits: { journalChanges: 1 } });
    for (let i = 0; i < 3; i++) services.setNetwork(services.view());
    for (const query of ['?since=1', '?since=9', `?since=3&run=${SEEN_AT}`]) {
      const client = await openStream(port, query);
      await client.reached(4);
      expect(client.replica.snapshots).toBe(1);
    }
  });
});

describe('who may join the stream', () => {
  it.each([
    ['/api/v1/stream?topics=hosts,rates', 400, 'topics: has unknown topics (rates)'],
    ['/api/v1/stream?topics=', 400, 'topics: has unknown topics'],
    ['/api/v1/stream?since=yesterday', 400, 'since: must be a whole number'],
    ['/api/v1/stream?since=-1', 400, 'since: must be a whole number'],
    ['/api/v1/stream?since=1&since=2', 400, 'since: is given more than once'],
    ['/api/v1/stream?topic=hosts', 400, 'topic: is not a parameter of this request; known: topics, since, run'],
    ['/api/v1/streams', 400, 'Only /api/v1/stream can be upgraded'],
  ])('refuses %s', async (path, status, detail) => {
    const { port } = await startHarness();
    const refusal = await refusedStream(port, path);
    expect(refusal.status).toBe(status);
    expect(refusal.headers['content-type']).toBe('application/problem+json');
    expect(refusal.problem).toMatchObject({ status, detail: expect.stringContaining(detail) as string });
  });

  it('refuses other Hosts and Origins', async () => {
    const { port } = await startHarness();
    const refused = (headers: Record<string, string>) => refusedStream(port, '/api/v1/stream', headers);
    expect((await refused({ Host: 'evil.example' })).status).toBe(403);
    expect((await refused({ Origin: 'http://evil.example' })).status).toBe(403);
    expect((await refused({ Origin: 'null' })).status).toBe(403);
    const client = await openStream(port, '', { origin: `http://localhost:${port}` });
    await client.reached(1);
  });

  it('refuses one client too many with 503, and takes one again when another has left', async () => {
    const { port, send } = await startHarness({ limits: { streamClients: 2 } });
    const [first] = await Promise.all([openStream(port), openStream(port)]);
    const refusal = await refusedStream(port, '/api/v1/stream');
    expect(refusal.status).toBe(503);
    expect(refusal.headers['retry-after']).toBe('2');
    expect(refusal.problem).toMatchObject({ detail: expect.stringContaining('2 clients') as string });
    expect((await send('/metrics')).text).toContain('\nsignalbox_stream_clients 2\n');
    first.webSocket.close();
    await first.closed;
    await (await openStream(port)).reached(1);
  });

  it('answers 426 to a request that is no WebSocket', async () => {
    const { send } = await startHarness();
    const { status, headers } = await send('/api/v1/stream');
    expect(status).toBe(426);
    expect(headers.upgrade).toBe('websocket');
  });

  it('survives clients that are gone before their answer', async () => {
    const { port, send } = await startHarness();
    const hasty = connect(port, '127.0.0.1');
    hasty.write(
      'GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      () => hasty.resetAndDestroy(),
    );
    await once(hasty, 'close');
    const client = await openStream(port);
    client.webSocket.terminate();
    await client.closed;
    expect((await send('/api/v1/health')).status).toBe(200);
  });

  it('refuses a handshake without a key', async () => {
    const { port } = await startHarness();
    const raw = connect(port, '127.0.0.1');
    raw.write('GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await text(raw)).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('clients that do not behave', () => {
  it('closes with 1003 on a message', async () => {
    const { port } = await startHarness();
    const client = await openStream(port);
    client.webSocket.send('{"subscribe": "everything"}');
    expect(await client.closed).toBe(1003);
  });

  it('closes with 1009 on a message of more than 64 KiB', async () => {
    const { port } = await startHarness();
    const client = await openStream(port);
    client.webSocket.send(Buffer.alloc(64 * 1024 + 1));
    expect(await client.closed).toBe(1009);
  });

  it('answers pings', async () => {
    const { port } = await startHarness();
    const client = await openStream(port);
    client.webSocket.ping('x');
    const [data] = (await once(client.webSocket, 'pong')) as [Buffer];
    expect(data.toString()).toBe('x');
  });

  it('drops one that does not answer pings, and keeps one that does', async () => {
    const { port } = await startHarness({ limits: { streamHeartbeatMs: 200 } });
    const silent = await openStream(port, '', { autoPong: false });
    const lively = await openStream(port);
    expect(await silent.closed).toBe(1006);
    await once(lively.webSocket, 'ping');
    expect(lively.webSocket.readyState).toBe(lively.webSocket.OPEN);
  });

  it('cuts one that does not read, tells it to come back, and lets the others be', async () => {
    const { port, services, logged, send } = await startHarness({ limits: { streamBufferedBytes: 100_000 } });
    const [slow, quick] = await Promise.all([openStream(port), openStream(port)]);
    await Promise.all([slow.reached(1), quick.reached(1)]);
    slow.webSocket.pause();
    const isCut = (): boolean => logged.some(({ msg }) => msg === 'stream client cut: it reads too slowly');
    for (let round = 0; round < 2_000 && !isCut(); round++) {
      const hosts = Array.from({ length: 200 }, (_, index) =>
        makeHost('00:00:00:00:00:00', { dpid: dpid(1), port: 1 }, { mac: index }),
      );
      services.setNetwork(network([makeSwitch(1)], [], hosts));
      await quick.reached(services.view().version);
    }
    expect(isCut()).toBe(true);
    expect((await send('/metrics')).text).toContain('\nsignalbox_stream_readers_cut_total 1\n');
    slow.webSocket.resume();
    expect(await slow.closed).toBe(1013);
    const { version = 0, run } = slow.replica;
    expect(version).toBeLessThan(services.view().version);
    const back = await openStream(port, `?since=${version}&run=${run}`, { replica: slow.replica });
    await back.reached(services.view().version);
    expect(back.replica.state()).toEqual(quick.replica.state());
  });

  it('leaves rates out, and does not cut, where they come faster than one reads', async () => {
    const { port, services } = await startHarness({ limits: { streamBufferedBytes: 1_000_000 } });
    const hosts = Array.from({ length: 4_000 }, (_, index) => ({ ...AT, port: index + 1, rxBps: 8, txBps: 8 }));
    const ports = new Map(hosts.map(({ port: number }) => [number, makePort(number, { kind: 'host' })]));
    services.setNetwork(network([makeSwitch(1, { ports })], [], []));
    flows(services.traffic, services.clock, hosts);
    const client = await openStream(port, '?topics=stats');
    await client.reached(2);
    client.webSocket.pause();
    for (let round = 0; round < 100; round++) {
      services.traffic.roundEnded();
      await setImmediate();
    }
    client.webSocket.resume();
    services.setNetwork(services.view());
    await client.reached(3);
    expect(client.replica.stats?.ports).toHaveLength(4_000);
    expect(client.messages.length).toBeLessThan(100);
  });

  it('drops one that never reads again after the grace', async () => {
    const { port, services, send } = await startHarness({ limits: { streamBufferedBytes: 1_000, closeGraceMs: 50 } });
    const slow = await openStream(port);
    slow.webSocket.pause();
    const clients = async (): Promise<string | undefined> =>
      /^signalbox_stream_clients (\d+)$/m.exec((await send('/metrics')).text)?.[1];
    const hosts = Array.from({ length: 500 }, (_, index) =>
      makeHost('00:00:00:00:00:00', { dpid: dpid(1), port: 1 }, { mac: index }),
    );
    for (let round = 0; round < 500; round++) {
      services.setNetwork(network([makeSwitch(1)], [], round % 2 === 0 ? hosts : []));
      await setImmediate();
    }
    await expect.poll(clients, { interval: 20, timeout: 10_000 }).toBe('0');
  });

  it('does not take a large snapshot for slowness', async () => {
    // More than the kernel takes off us, so that it waits here while the changes come.
    const description = 'x'.repeat(16 * 1024);
    const switches = Array.from({ length: 1_500 }, (_, index) => makeSwitch(index + 1, { description }));
    const services = createFakeServices(network(switches, [], []));
    const { port } = await startHarness({ services, limits: { streamBufferedBytes: 1_000 } });
    const client = await openStream(port);
    client.webSocket.pause();
    for (let i = 0; i < 3; i++) services.setNetwork(services.view());
    client.webSocket.resume();
    await client.reached(4);
    expect(client.replica.snapshots).toBe(1);
  });
});

describe('clients that have left', () => {
  it('are forgotten', async () => {
    const joined = new Set<Subscriber>();
    const feed: Feed = {
      join: (subscriber) => {
        joined.add(subscriber);
        return [];
      },
      leave: (subscriber) => void joined.delete(subscriber),
      close: () => undefined,
    };
    const logger = pino({ enabled: false });
    const sockets = createStreamSockets({ feed, logger, limits: DEFAULT_LIMITS, onReaderCut: () => undefined });
    const server = createServer().on('upgrade', (req, socket, head) => sockets.accept(req, socket, head, {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const clients = await Promise.all([openStream(port), openStream(port)]);
    expect([joined.size, sockets.clients]).toEqual([2, 2]);
    clients[0].webSocket.close();
    clients[1].webSocket.terminate();
    await expect.poll(() => [joined.size, sockets.clients], { interval: 5 }).toEqual([0, 0]);
    await sockets.close();
    server.close();
    await once(server, 'close');
  });
});

describe('the end of the stream', () => {
  it('closes clients with 1001 and takes no new one', async () => {
    const { port, close, services } = await startHarness();
    const client = await openStream(port);
    await close();
    expect(await client.closed).toBe(1001);
    expect(services.listeners).toBe(0);
  });

  it('does not wait for a client that does not answer', async () => {
    const { port, close } = await startHarness({ limits: { closeGraceMs: 20 } });
    const client = await openStream(port);
    client.webSocket.pause();
    await close();
    client.webSocket.resume();
    expect([1001, 1006]).toContain(await client.closed);
  });
});
