import type { MultipartKind, MultipartKinds } from '../message-types.ts';
import type { Vendor } from '../messages/codec.ts';
import type { Field } from '../wire/fields.ts';

/** What follows the header of one kind of multipart, asked and answered. */
export interface MultipartCodec<K extends MultipartKind = MultipartKind> {
  /** OFPMP number. */
  readonly wireType: number;
  /** Whose kind it is, where `wireType` is EXPERIMENTER; the ids stand before the body. */
  readonly vendor?: Vendor;
  readonly request: Field<MultipartKinds[K]['request']>;
  readonly reply: Field<MultipartKinds[K]['reply']>;
}
