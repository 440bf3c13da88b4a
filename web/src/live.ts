/** Ties the stream to the store: every message becomes the next network, and what happened joins the timeline. */
import { fetchHealth } from './api.ts';
import { applyMessage } from './state.ts';
import type { Store } from './store.ts';
import { createStream } from './stream.ts';
import type { SocketHandlers, Stream } from './stream.ts';
import { extend } from './timeline.ts';
import { NO_TRAFFIC, trafficOf } from './traffic.ts';
import type { StreamMessage } from './wire.ts';

export function createLiveStream(store: Store): Stream {
  const deliver = (message: StreamMessage): boolean => {
    if (message.type === 'stats') {
      store.set({ traffic: trafficOf(message), heardAt: Date.now() });
      return true;
    }
    const { known, network, timeline } = store.get();
    const applied = applyMessage(known ? network : undefined, message);
    if (applied.kind === 'gap') return false;
    // The first snapshot is no change: nothing of it should light up as new.
    const events = known ? applied.events : [];
    const patch = { network: applied.network, timeline: extend(timeline, applied.happened) };
    store.set({ ...patch, known: true, heardAt: Date.now() }, events);
    return true;
  };

  return createStream({
    open: openSocket,
    version: () => (store.get().known ? store.get().network.version : undefined),
    deliver,
    // What flowed when the connection broke says nothing of now.
    onConnection: (connection) =>
      store.set(connection.state === 'live' ? { connection } : { connection, traffic: NO_TRAFFIC }),
    uptimeMs: async () => {
      const health = await fetchHealth();
      store.set({ health });
      return health && health.uptimeSeconds * 1000;
    },
  });
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
