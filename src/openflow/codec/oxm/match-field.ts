import type { Match } from '../match-types.ts';
import type { Field } from '../wire/fields.ts';
import { matchFromJson, matchToJson } from './match-json.ts';
import { readMatch, type Strictness } from './read.ts';
import { writeMatch } from './write.ts';

function matchField(strictness: Strictness): Field<Match> {
  return {
    read: (reader) => readMatch(reader, strictness),
    write: (writer, match) => writeMatch(writer, match, strictness),
    toJson: matchToJson,
    fromJson: matchFromJson,
    kind: { kind: 'special', name: strictness === 'rule' ? 'ruleMatch' : 'packetMatch' },
  };
}

/** `ofp_match` of a rule: each field with its prerequisites. */
export const ruleMatch = matchField('rule');
/** `ofp_match` that tells a packet's context: any fields. */
export const packetMatch = matchField('packet');
