/** Ties the stream to the store: every message becomes the next network, and lines in the log. */
import { countOf } from './labels.ts';
import { fetchHealth } from './api.ts';
import { applyMessage } from './state.ts';
import type { Network } from './state.ts';
import { LOG_LIMIT } from './store.ts';
import type { LogEntry, Store } from './store.ts';
import { createStream } from './stream.ts';
import type { SocketHandlers, Stream } from './stream.ts';
import type { StreamMessage } from './wire.ts';
import { describe } from './words.ts';
import type { Words } from './words.ts';

export function createLiveStream(store: Store): Stream {
  let lines = 0;
  const entry = (at: number, { tone, text }: Words): LogEntry => ({ id: (lines += 1), at, tone, text });

  const deliver = (message: StreamMessage): boolean => {
    const { known, network, log } = store.get();
    const applied = applyMessage(known ? network : undefined, message);
    if (applied.kind === 'gap') return false;
    const words = known ? describe(network, applied.network, applied.events) : [greeting(applied.network)];
    const at = Date.now();
    const fresh = words.map((word) => entry(at, word)).reverse();
    const nextLog = fresh.length === 0 ? log : [...fresh, ...log].slice(0, LOG_LIMIT);
    // The first snapshot is no change: nothing of it should light up as new.
    const events = known ? applied.events : [];
    store.set({ network: applied.network, known: true, heardAt: at, log: nextLog }, events);
    return true;
  };

  return createStream({
    open: openSocket,
    version: () => (store.get().known ? store.get().network.version : undefined),
    deliver,
    onConnection: (connection) => store.set({ connection }),
    uptimeMs: async () => {
      const health = await fetchHealth();
      store.set({ health });
      return health && health.uptimeSeconds * 1000;
    },
  });
}

function greeting(network: Network): Words {
  const parts = [
    countOf(network.switches.size, 'switch', 'switches'),
    countOf(network.links.size, 'link', 'links'),
    countOf(network.hosts.size, 'host', 'hosts'),
  ];
  return { tone: 'note', text: `watching ${parts.join(', ')}` };
}

function openSocket(path: string, handlers: SocketHandlers): { readonly close: () => void } {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.addEventListener('open', handlers.onOpen);
  socket.addEventListener('message', (event: MessageEvent<unknown>) => handlers.onText(String(event.data)));
  socket.addEventListener('close', handlers.onClose);
  return { close: () => socket.close() };
}
