/** Finds what a path shall pass or avoid: switches by dpid or name, links by id or by their two ends (`s1-s2`). */
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { Link, NetworkView, Switch } from '../../topology/view.ts';
import { ProblemError } from '../http/problem.ts';
import { switchesNamed, switchNamed, switchOfShortDpid } from './naming.ts';

/** The switches to pass; throws 404 for one that is not known, 409 where several have the name. */
export function findWaypoints(view: NetworkView, refs: readonly string[]): Dpid[] {
  return refs.map((ref) => {
    const found = switchNamed(view, ref);
    if (found) return found.dpid;
    throw unknown(`There is no switch ${ref}; GET /api/v1/switches lists them.`, 'via', `no switch ${ref}`);
  });
}

export interface Avoided {
  readonly switches: readonly Dpid[];
  readonly links: readonly LinkId[];
}

/** The switches and links to avoid, parallel links of one name all of them; throws as findWaypoints does. */
export function findAvoided(view: NetworkView, refs: readonly string[]): Avoided {
  const switches: Dpid[] = [];
  const links: LinkId[] = [];
  for (const ref of refs) {
    const found = switchNamed(view, ref);
    const named = found ? [] : linksNamed(view, ref);
    if (found) switches.push(found.dpid);
    else if (named.length > 0) links.push(...named.map(({ id }) => id));
    else {
      const detail =
        `There is no switch or link ${ref}; GET /api/v1/switches and GET /api/v1/links list them. ` +
        'A link is named by its id, or by its two switches: s1-s2.';
      throw unknown(detail, 'avoid', `no switch or link ${ref}`);
    }
  }
  return { switches, links };
}

/** The link of this id, or all links between two switches joined by a hyphen; none where there is no such link. */
export function linksNamed(view: NetworkView, ref: string): Link[] {
  const byId = view.links.get(ref.toLowerCase());
  if (byId) return [byId];
  const byName = linksBetween(view, ref, (end) => switchesNamed(view, end));
  if (byName.length > 0) return byName;
  // Short dpids only where no names do: `a-1` is a good name, too.
  return linksBetween(view, ref, (end) => {
    const named = switchesNamed(view, end);
    const short = named.length === 0 ? switchOfShortDpid(view, end) : undefined;
    return short ? [short] : named;
  });
}

function linksBetween(view: NetworkView, ref: string, meant: (end: string) => readonly Switch[]): Link[] {
  const found = new Set<Link>();
  // Names of switches may have hyphens too: each may be the one that joins.
  for (let at = ref.indexOf('-'); at >= 0; at = ref.indexOf('-', at + 1)) {
    const left = new Set(meant(ref.slice(0, at)).map(({ dpid }) => dpid));
    const right = new Set(meant(ref.slice(at + 1)).map(({ dpid }) => dpid));
    if (left.size === 0 || right.size === 0) continue;
    for (const link of view.links.values()) {
      const { a, b } = link;
      const joins = (left.has(a.dpid) && right.has(b.dpid)) || (left.has(b.dpid) && right.has(a.dpid));
      if (joins) found.add(link);
    }
  }
  return [...found];
}

function unknown(detail: string, path: string, message: string): ProblemError {
  return new ProblemError(404, detail, { errors: [{ path, message }] });
}
