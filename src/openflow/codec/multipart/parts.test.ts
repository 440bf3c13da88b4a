import { expect, it } from 'vitest';
import {
  decode,
  encode,
  type FlowStats,
  joinMultipart,
  type Message,
  type MultipartReply,
  splitMultipart,
} from '../index.ts';

const flow = (i: number): FlowStats => ({
  tableId: 0,
  durationSec: 0,
  durationNsec: 0,
  priority: i % 65536,
  idleTimeout: 0,
  hardTimeout: 0,
  flags: 0,
  cookie: BigInt(i),
  packetCount: 0n,
  byteCount: 0n,
  match: { inPort: i },
  instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: i }] }],
});
const reply = (count: number): Extract<MultipartReply, { kind: 'flow' }> => ({
  type: 'multipartReply',
  xid: 9,
  kind: 'flow',
  more: false,
  body: Array.from({ length: count }, (_, i) => flow(i + 1)),
});

it('cuts a body of over 64 KB into messages that fit, and joins it again', () => {
  const whole = reply(3000);
  const parts = splitMultipart(whole);
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.map((part) => part.more)).toEqual(parts.map((_, i) => i < parts.length - 1));
  const decoded = parts.map((part) => decode(encode(part))) as (typeof whole)[];
  expect(joinMultipart(decoded)).toEqual(whole);
});

it('leaves what fits in one message, and an empty body', () => {
  expect(splitMultipart(reply(3))).toEqual([reply(3)]);
  expect(splitMultipart(reply(0))).toEqual([reply(0)]);
});

it('names the element that is too long for any message', () => {
  const actions = Array.from({ length: 4200 }, () => ({ type: 'output', port: 1 }) as const);
  const body = [flow(1), { ...flow(2), instructions: [{ type: 'applyActions', actions } as const] }];
  expect(() => splitMultipart({ ...reply(0), body })).toThrow(/body\[1\]/);
});

it('refuses to join what does not belong together', () => {
  const parts = splitMultipart(reply(3000));
  expect(() => joinMultipart([])).toThrow('no parts');
  expect(() => joinMultipart([parts[0]!, { ...parts[1]!, xid: 10 }])).toThrow('does not belong');
  const desc = { mfrDesc: '', hwDesc: '', swDesc: '', serialNum: '', dpDesc: '' };
  const one: Extract<Message, { kind: 'desc'; type: 'multipartReply' }> = {
    type: 'multipartReply',
    xid: 1,
    kind: 'desc',
    more: true,
    body: desc,
  };
  expect(() => joinMultipart([one, one])).toThrow('one structure');
});
