/**
 * A server that speaks the northbound contract as far as the view needs it, and does what a test tells it: it serves the
 * built view under the strict content security policy, plays changes, and breaks connections.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type {
  ChangeMessage,
  DriftInfo,
  SnapshotMessage,
  StatsMessage,
  StreamEvent,
  TimelineEvent,
} from '../../../web/src/wire.ts';

const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self' ws: wss:",
  "img-src 'self' data:",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const STREAM = '/api/v1/stream';

const IN_SYNC: DriftInfo = {
  inSync: true,
  monitored: true,
  readAt: '2026-01-01T00:00:00.000Z',
  counts: { missing: 0, changed: 0, extra: 0, refused: 0, foreign: 0, wars: 0 },
  refused: [],
  repairs: 0,
};

export interface FakeController {
  /** Where the view is served. */
  readonly url: string;
  /** The query of every stream opened so far, in order: `''` or `?since=7&run=1`. */
  readonly streams: readonly string[];
  /** Plays one change to everyone connected; those who resume later get it then. */
  readonly play: (...events: StreamEvent[]) => void;
  /** Tells everyone connected what happened, without a change. */
  readonly tell: (...events: TimelineEvent[]) => void;
  /** Tells everyone connected, and whoever comes later, what flows now. */
  readonly flow: (stats: Pick<StatsMessage, 'links' | 'ports'>) => void;
  /** The dpids of the switches that were to be read and repaired, in order. */
  readonly audits: readonly string[];
  /** Cuts all streams, as a crash or a network would. */
  readonly cut: () => void;
  /** While refused, streams are closed as soon as they open. */
  readonly refuse: (refused: boolean) => void;
  /** Sends a text to everyone connected, whatever it is. */
  readonly say: (text: string) => void;
  /** Starts anew with another network, as a controller whose versions count from the beginning again. */
  readonly restart: (snapshot: SnapshotMessage) => void;
  /** The network as of now. */
  readonly snapshot: () => SnapshotMessage;
  readonly close: () => Promise<void>;
}

export interface FakeControllerOptions {
  /** The built view. */
  readonly directory: string;
  readonly snapshot: SnapshotMessage;
  /** What `GET /switches/{dpid}/flows` answers. */
  readonly flows?: (dpid: string) => readonly unknown[];
  /** What `GET /drift` answers of a switch, and how it is after an audit. */
  readonly drift?: (dpid: string) => DriftInfo;
}

export async function startFakeController(options: FakeControllerOptions): Promise<FakeController> {
  const { directory, flows = () => [], drift = () => IN_SYNC } = options;
  // A start in the past: a view that resumes must see that the controller is the one it knew.
  const startedAt = Date.now() - 60_000;
  let run = 1;
  let snapshot: SnapshotMessage = { ...options.snapshot, run: `${run}` };
  let refused = false;
  let flowing: Pick<StatsMessage, 'links' | 'ports'> = { links: [], ports: [] };
  const statsNow = (): StatsMessage => ({ type: 'stats', version: snapshot.version, ...flowing });
  let changes: ChangeMessage[] = [];
  const streams: string[] = [];
  const audits: string[] = [];
  const sockets = new WebSocketServer({ noServer: true });

  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://view');
    const [, dpid, what] = /^\/api\/v1\/switches\/([0-9a-f]{16})\/(flows|reconcile)$/.exec(path) ?? [];
    if (path === '/api/v1/health') {
      const uptimeSeconds = Math.floor((Date.now() - startedAt) / 1000);
      answer(response, { status: 'ok', version: '0.1.0', uptimeSeconds });
    } else if (dpid !== undefined && what === 'reconcile') {
      audits.push(dpid);
      answer(response, { now: drift(dpid) });
    } else if (dpid !== undefined) answer(response, { items: flows(dpid), version: snapshot.version });
    else if (path === '/api/v1/drift') answer(response, { items: [drift(searchParams.get('switch') ?? '')] });
    else serveFile(directory, path, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://view');
    if (pathname !== STREAM) {
      socket.destroy();
      return;
    }
    streams.push(search);
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (refused) client.close();
      else greet(client, searchParams.get('run') === `${run}` ? searchParams.get('since') : null);
    });
  });
  const greet = (client: WebSocket, since: string | null): void => {
    const missed = since === null ? undefined : changes.filter((change) => change.version > Number(since));
    for (const message of missed ?? [snapshot]) client.send(JSON.stringify(message));
    client.send(JSON.stringify(statsNow()));
  };
  const say = (text: string): void => {
    for (const client of sockets.clients) client.send(text);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    streams,
    audits,
    tell: (...events) => {
      const news = events.map((event) => ({ type: 'event', event }) as const);
      snapshot = { ...snapshot, events: [...(snapshot.events ?? []), ...events] };
      say(JSON.stringify({ type: 'change', version: snapshot.version, events: news } satisfies ChangeMessage));
    },
    flow: (stats) => {
      flowing = stats;
      say(JSON.stringify(statsNow()));
    },
    play: (...events) => {
      const change: ChangeMessage = { type: 'change', version: snapshot.version + 1, events };
      snapshot = after(snapshot, change);
      changes.push(change);
      say(JSON.stringify(change));
    },
    cut: () => {
      for (const client of sockets.clients) client.terminate();
    },
    refuse: (value) => {
      refused = value;
    },
    say,
    restart: (next) => {
      run += 1;
      snapshot = { ...next, run: `${run}` };
      changes = [];
      for (const client of sockets.clients) client.terminate();
    },
    snapshot: () => snapshot,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The snapshot that one who comes now would get. Written apart from the view's own reducer, to check it. */
function after(before: SnapshotMessage, change: ChangeMessage): SnapshotMessage {
  let { switches, links, hosts } = before;
  for (const event of change.events) {
    if (event.type === 'switch') switches = [...switches.filter((one) => one.dpid !== event.switch.dpid), event.switch];
    else if (event.type === 'switch-removed') switches = switches.filter((one) => one.dpid !== event.dpid);
    else if (event.type === 'link') links = [...links.filter((one) => one.id !== event.link.id), event.link];
    else if (event.type === 'link-removed') links = links.filter((one) => one.id !== event.id);
    else if (event.type === 'host') hosts = [...hosts.filter((one) => one.mac !== event.host.mac), event.host];
    else if (event.type === 'host-removed') hosts = hosts.filter((one) => one.mac !== event.mac);
  }
  return { ...before, version: change.version, switches, links, hosts };
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function serveFile(directory: string, path: string, response: ServerResponse): void {
  const file = join(directory, normalize(path === '/' ? '/index.html' : path));
  const type = TYPES[extname(file)];
  if (type === undefined || !file.startsWith(directory) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
  createReadStream(file).pipe(response);
}
