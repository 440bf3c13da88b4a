/** GET /stream as the OpenAPI document shows it. A request that reaches express did not ask for a WebSocket. */
import { ProblemError } from '../http/problem.ts';
import { StreamMessageJson } from '../stream/events.ts';
import { StreamQuery } from '../stream/topics.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

export const streamRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: STREAM_PATH,
    tag: 'network',
    summary: 'The network as it changes (WebSocket)',
    description:
      'First a snapshot, then every change, one JSON text message each, without gaps: a change of topics not chosen comes with ' +
      'no events. A link also changes when its ports do. Events of the timeline come with the change that they belong to, or, between ' +
      'two changes, in one with the version of the last; after a break some may come again, with the same ids. The topic `stats` comes in messages of ' +
      'their own, whole each time: one at the beginning and one whenever all switches told what they count, at most once a second. After a break, connect with `since` and `run`. The client sends nothing: a message from ' +
      'it is answered by closing with 1003. A client that reads too slowly is closed with 1013, all are closed with 1001 when the ' +
      'controller stops, and a client that does not answer pings is dropped.',
    query: StreamQuery,
    answer: { schema: StreamMessageJson, statuses: { 101: 'The stream; the schema is that of one message' } },
    problems: [426, 503],
    handle() {
      throw new ProblemError(426, `${STREAM_PATH} is a WebSocket: connect with ws:// in place of http://.`, {
        headers: { Upgrade: 'websocket', Connection: 'Upgrade' },
      });
    },
  }),
];
