import type { Action } from '../action-types.ts';
import { OFPAT } from '../constants/flows.ts';
import * as formats from '../json/formats.ts';
import { restBytes, u32 } from '../wire/fields.ts';
import { EncodeError } from '../wire/errors.ts';
import { action, type ActionCodec } from './codec.ts';

type ExperimenterAction = Extract<Action, { type: 'experimenter' }>;

const plain = action<ExperimenterAction>('experimenter', OFPAT.EXPERIMENTER, {
  experimenter: u32(formats.hex),
  body: restBytes(),
});

/** An experimenter's action that no entry of the registry knows: kept byte for byte. */
export const experimenter: ActionCodec<ExperimenterAction> = {
  ...plain,
  write(writer, value) {
    if (value.body.length % 8 !== 0) throw new EncodeError('body', value.body.length, 'a multiple of 8 bytes long');
    plain.write(writer, value);
  },
};
