/** OpenFlow 1.3.5 as Open vSwitch speaks it: bytes to typed messages and back. See docs/codec.md. */
export type * from './action-types.ts';
export type * from './match-types.ts';
export type * from './message-types.ts';
export * from './constants/index.ts';
export { decode, decodeHeader, encode, encodeInto } from './codec.ts';
export type { Header } from './messages/codec.ts';
export { DecodeError, type DecodeReason, EncodeError } from './wire/errors.ts';
export { Framer } from './wire/framer.ts';
export { Writer } from './wire/writer.ts';
export * from './builders.ts';
export { joinMultipart, splitMultipart } from './multipart/parts.ts';
export { matchKey } from './oxm/match-key.ts';
export { matchFromJson, matchToJson } from './oxm/match-json.ts';
export { actionsFromJson, actionsToJson } from './actions/registry.ts';
export { instructionsFromJson, instructionsToJson } from './instructions/list.ts';
export { messageFromJson, messageToJson } from './json/message-json.ts';
export { messageToText } from './json/message-text.ts';
export type { Json, JsonObject } from './json/json.ts';
