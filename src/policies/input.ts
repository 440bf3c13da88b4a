/** What a policy's body must be: the same for every kind but for its `spec`. */
import { z } from 'zod';
import { POLICY_KINDS } from './kinds/index.ts';
import type { PolicyKind } from './kinds/kind.ts';
import type { PolicyInput } from './record.ts';

/** A DNS label's length (RFC 1035 section 2.3.4), so that a name fits wherever one is shown. */
export const MAX_POLICY_NAME_CHARS = 63;
/** A few lines that say why. */
const MAX_DESCRIPTION_CHARS = 1_000;

export const PolicyName = z
  .string()
  .max(MAX_POLICY_NAME_CHARS, `must have at most ${MAX_POLICY_NAME_CHARS} characters`)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, ".", "_" or "-", beginning with a letter or digit')
  .meta({ example: 'web-to-h9' });

const Description = z
  .string()
  .max(MAX_DESCRIPTION_CHARS, `must have at most ${MAX_DESCRIPTION_CHARS} characters`)
  .nullable()
  .optional()
  .meta({ description: 'Why it is there, for people' });

const Enabled = z.boolean().default(true).meta({ description: 'False keeps the policy and takes its rules away' });

function shapeOf(kind: PolicyKind) {
  return {
    kind: z.literal(kind.name).meta({ description: kind.summary }),
    spec: kind.schema.meta({ example: kind.example }),
    description: Description,
    enabled: Enabled,
  };
}

const kindRule = {
  error: (issue: { readonly code?: string }) =>
    issue.code === 'invalid_union'
      ? `is not a kind of policy; there are: ${POLICY_KINDS.map(({ name }) => name).join(', ')}`
      : undefined,
};

type Options = [z.ZodObject<{ kind: z.ZodLiteral<string> }>, ...z.ZodObject<{ kind: z.ZodLiteral<string> }>[]];

/** A policy with its name. */
export const PolicyBody = z.discriminatedUnion(
  'kind',
  POLICY_KINDS.map((kind) => z.strictObject({ name: PolicyName, ...shapeOf(kind) })) as unknown as Options,
  kindRule,
) as unknown as z.ZodType<PolicyInput>;

/** A policy whose name is said elsewhere too. */
export const NamedPolicyBody = z.discriminatedUnion(
  'kind',
  POLICY_KINDS.map((kind) => z.strictObject({ name: PolicyName.optional(), ...shapeOf(kind) })) as unknown as Options,
  kindRule,
) as unknown as z.ZodType<Omit<PolicyInput, 'name'> & { readonly name?: string }>;
