import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { listenOpenFlow } from './server.ts';

let port: OpenFlowPort | undefined;
afterEach(async () => {
  await port?.close();
  port = undefined;
});

describe('The OpenFlow port', () => {
  it('rejects where it cannot be had', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port: number } = taken.address() as AddressInfo;
    const logger = pino({ level: 'silent' });
    const onSession = (): never => {
      throw new Error('nobody comes');
    };
    const options = { host: '127.0.0.1', port: number, clock: createManualClock(), logger, onSession };
    await expect(listenOpenFlow(options)).rejects.toThrow(
      /Another program listens on .*, where OpenFlow should: another controller/,
    );
    taken.close();
  });

  it('closes with sessions, handshakes and silent peers under way, and leaves nothing', async () => {
    port = await openOpenFlowPort();
    const { server, clock, log } = port;
    const admitted = await port.admit();
    const lost = Promise.allSettled([admitted.session.request({ type: 'getConfigRequest', xid: 9_999 })]);
    const describing = await port.connect({ dpid: 2n, answers: { multipartRequest: () => [] } });
    await describing.next('multipartRequest');
    const silent = await port.connect({ hello: undefined });
    await silent.next('hello');
    const waiting = await port.connect({ dpid: 1n, answers: { echoRequest: () => [] } });
    await waiting.next('multipartRequest', ({ kind }) => kind === 'portDesc');

    await server.close();
    const fakes = [admitted.fake, describing, silent, waiting];
    await Promise.all(fakes.map(({ closed }) => closed));
    for (const fake of [admitted.fake, describing, silent]) {
      expect(await port.closing(fake)).toMatchObject({ level: 'debug', reason: 'the controller stops' });
    }
    expect((await lost).map(({ status }) => status)).toEqual(['rejected']);
    expect(server.session('0000000000000001')).toBeUndefined();
    expect(admitted.events.items).toEqual([{ type: 'closed', reason: 'the controller stops' }]);

    expect(port.timers()).toBe(0);
    log.drain();
    clock.advance(120_000);
    await port.turn();
    expect(log.items).toEqual([]);
    const late = connect(server.port, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
    await server.close();
  });

  it('refuses connections over their limit, says so, and takes new ones when some have gone', async () => {
    port = await openOpenFlowPort({ limits: { maxConnections: 2 } });
    const first = await port.admit({ dpid: 1n });
    const second = await port.admit({ dpid: 2n });
    const third = await port.connect({ dpid: 3n });
    await third.closed;
    expect(await port.log.next(({ level }) => level === 'warn')).toMatchObject({
      msg: expect.stringContaining('too many are open'),
      remote: third.address,
      maxConnections: 2,
    });
    await first.session.barrier();
    await second.fake.end();
    await port.closing(second.fake);
    await port.admit({ dpid: 4n });
  });

  it('logs a peer that comes again and again some times, and then only counts it', async () => {
    port = await openOpenFlowPort({ limits: { maxLogLines: 4 } });
    const live = await port.admit({ dpid: 5n });
    for (let i = 0; i < 30; i++) {
      const fake = await port.connect({ hello: undefined });
      fake.sendBytes(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
      await fake.closed;
    }
    expect(port.log.items.length).toBe(4);
    for (let i = 0; i < 10; i++) await (await port.connect({ dpid: 5n })).closed;
    expect(port.log.items.length).toBe(8);
    await live.session.barrier();
    await live.fake.end();
    expect(await port.closing(live.fake)).toMatchObject({ dpid: '0000000000000005' });
    port.clock.advance(60_000);
    expect(port.log.items.slice(8)).toMatchObject([
      { level: 'warn', peer: '127.0.0.1', omitted: 26 },
      { level: 'warn', peer: '127.0.0.1 as switch 0000000000000005', omitted: 6 },
    ]);
  });

  it('tells what it left out of the log when it closes', async () => {
    port = await openOpenFlowPort({ limits: { maxLogLines: 1 } });
    for (let i = 0; i < 3; i++) {
      const fake = await port.connect({ hello: undefined });
      fake.sendBytes(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
      await fake.closed;
    }
    await port.server.close();
    expect(port.log.items.at(-1)).toMatchObject({ peer: '127.0.0.1', omitted: 2 });
    expect(port.timers()).toBe(0);
  });

  it('has room for a switch however many others stay silent: the oldest of those goes', async () => {
    port = await openOpenFlowPort({ limits: { maxConnections: 4, maxNewcomers: 2 } });
    const known = await port.admit({ dpid: 1n });
    const silent = [];
    for (let i = 0; i < 5; i++) {
      const fake = await port.connect({ hello: undefined });
      await fake.next('hello');
      silent.push(fake);
    }
    const { session } = await port.admit({ dpid: 2n });
    for (const fake of silent.slice(0, 4)) {
      expect((await port.closing(fake)).reason).toContain('2 newer connections');
    }
    expect(silent[4]?.isClosed).toBe(false);
    await session.barrier();
    await known.session.barrier();
  });
});
