/** The hosts that policies name, kept in step with the views: those that are in force, each host as its policy writes it. */
import type { NetworkView } from '../topology/view.ts';
import { kindNamed } from './kinds/index.ts';

/** Of one policy: more than any list of hosts that people write. */
const MAX_HOSTS_OF_POLICY = 1_024;

export class NamedHosts {
  readonly #byPolicy = new Map<string, readonly string[]>();

  /** Takes in the policies that changed; returns the hosts that these name. */
  update(view: NetworkView, policies: Iterable<string>): readonly string[] {
    const named: string[] = [];
    for (const name of policies) {
      const policy = view.policies.get(name);
      const hosts = policy && kindNamed(policy.kind)?.hosts(policy.spec).slice(0, MAX_HOSTS_OF_POLICY);
      if (hosts && hosts.length > 0) this.#byPolicy.set(name, hosts);
      else this.#byPolicy.delete(name);
      named.push(...(hosts ?? []));
    }
    return named;
  }

  /** Each once. */
  all(): ReadonlySet<string> {
    return new Set([...this.#byPolicy.values()].flat());
  }
}
