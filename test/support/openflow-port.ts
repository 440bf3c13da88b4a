/** An OpenFlow port of our own in a test: time stands still until told to go on, and all that happens is kept. */
import { pino } from 'pino';
import { createManualClock } from '../../src/core/manual-clock.ts';
import type { ManualClock } from '../../src/core/manual-clock.ts';
import { formatDpid } from '../../src/core/ids.ts';
import { hello } from '../../src/openflow/codec/index.ts';
import type { Message } from '../../src/openflow/codec/index.ts';
import type { DatapathHandlers, DatapathSession } from '../../src/openflow/session/datapath.ts';
import type { SessionLimits } from '../../src/openflow/session/limits.ts';
import { listenOpenFlow } from '../../src/openflow/session/server.ts';
import type { OpenFlowServer } from '../../src/openflow/session/server.ts';
import { connectFakeSwitch } from './fake-switch.ts';
import type { FakeSwitch, FakeSwitchOptions } from './fake-switch.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';

export interface LogEntry {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly msg: string;
  readonly remote?: string;
  readonly dpid?: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

/** What a session told its handlers; `closed` with its reason. */
export type SessionEvent = Message | { readonly type: 'closed'; readonly reason: string };

export interface AdmittedSession {
  readonly session: DatapathSession;
  readonly events: Inbox<SessionEvent>;
}

export interface OpenFlowPort {
  readonly server: OpenFlowServer;
  readonly clock: ManualClock;
  readonly log: Inbox<LogEntry>;
  readonly sessions: Inbox<AdmittedSession>;
  /** A switch connected to this port, not necessarily admitted. */
  connect(options?: Omit<FakeSwitchOptions, 'port'>): Promise<FakeSwitch>;
  /** The same, and its session on our side. */
  admit(options?: Omit<FakeSwitchOptions, 'port'>): Promise<AdmittedSession & { readonly fake: FakeSwitch }>;
  /** The line of a connection that closed. */
  closing(of: { readonly address: string }): Promise<LogEntry>;
  /** Timers that neither came nor were cancelled. */
  timers(): number;
  /** Lets bytes that wait in the kernel be read, and what waits for that be done. */
  turn(): Promise<void>;
  /** Ends all, the switches first. */
  close(): Promise<void>;
}

export interface OpenFlowPortOptions {
  readonly limits?: Partial<SessionLimits>;
  /** In place of handlers that keep what they are told. */
  readonly onSession?: (session: DatapathSession, usual: DatapathHandlers) => DatapathHandlers;
}

export async function openOpenFlowPort(options: OpenFlowPortOptions = {}): Promise<OpenFlowPort> {
  const { clock, timers } = countTimers(createManualClock());
  const log = createInbox<LogEntry>('log', (entry) => JSON.stringify(entry));
  const sessions = createInbox<AdmittedSession>('sessions', ({ session }) => session.dpid);
  const formatters = { level: (level: string) => ({ level }) };
  const logger = pino(
    { level: 'trace', base: null, timestamp: false, formatters },
    {
      write: (line: string) => log.push(JSON.parse(line) as LogEntry),
    },
  );
  const server = await listenOpenFlow({
    host: '127.0.0.1',
    port: 0,
    clock,
    logger,
    ...(options.limits && { limits: options.limits }),
    onSession: (session) => {
      const events = createInbox<SessionEvent>(`events of ${session.dpid}`, (event) => event.type);
      const usual = keepEvents(events);
      const handlers = options.onSession?.(session, usual) ?? usual;
      sessions.push({ session, events });
      return handlers;
    },
  });
  const switches: FakeSwitch[] = [];

  async function connect(given: Omit<FakeSwitchOptions, 'port'> = {}): Promise<FakeSwitch> {
    const fake = await connectFakeSwitch({ ...given, port: server.port });
    switches.push(fake);
    return fake;
  }

  return {
    server,
    clock,
    log,
    sessions,
    connect,
    admit: async (given = {}) => {
      const fake = await connect({ hello: hello(), ...given });
      const dpid = formatDpid(given.dpid ?? 1n);
      const admitted = await sessions.next(
        ({ session }) => session.dpid === dpid && session.remoteAddress === fake.address,
        `a session of ${dpid}`,
      );
      await fake.roundTrip();
      return { fake, ...admitted };
    },
    closing: ({ address }) =>
      log.next(
        ({ msg, remote }) => msg === 'OpenFlow connection closed' && remote === address,
        `the end of ${address}`,
      ),
    timers,
    turn: async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    },
    close: async () => {
      for (const fake of switches) fake.reset();
      await Promise.all(switches.map(({ closed }) => closed));
      await server.close();
    },
  };
}

function keepEvents(events: Inbox<SessionEvent>): DatapathHandlers {
  return {
    packetIn: (message) => events.push(message),
    portStatus: (message) => events.push(message),
    flowRemoved: (message) => events.push(message),
    flowMonitor: (message) => events.push(message),
    error: (message) => events.push(message),
    closed: (reason) => events.push({ type: 'closed', reason }),
  };
}

/** The same clock; `timers` tells how many wait on it. */
function countTimers(manual: ManualClock): { clock: ManualClock; timers: () => number } {
  const waiting = new Set<symbol>();
  const after: ManualClock['after'] = (ms, callback) => {
    const timer = Symbol('timer');
    waiting.add(timer);
    const cancel = manual.after(ms, () => {
      waiting.delete(timer);
      callback();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  };
  return { clock: { ...manual, after }, timers: () => waiting.size };
}
