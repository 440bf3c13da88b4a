/** Raw flows: each policy of kind `flow` is the one rule that it says, on the switch that it names; one unit a policy. */
import { flowRule } from '../policies/kinds/flow-rule.ts';
import type { FlowSpec } from '../policies/kinds/flow-rule.ts';
import type { App } from './sdk.ts';

export const rawFlow: App = {
  name: 'flow',
  id: 16,
  units: (facts) => facts.policies().filter((name) => facts.policy(name)?.kind === 'flow'),
  build: (facts, unit, output) => {
    const policy = facts.policy(unit);
    if (!policy) return;
    // Its kind's schema parsed it before it became a policy.
    const spec = policy.spec as FlowSpec;
    const dpid = facts.switchNamed(spec.dpid);
    if (dpid !== undefined) output.rule(dpid, flowRule(spec));
  },
};
