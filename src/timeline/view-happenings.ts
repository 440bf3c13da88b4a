/** What happened from one view to the next: a function of the two alone. */
import type { ViewUpdate } from '../topology/network.ts';
import type { Happening } from './entry.ts';
import { hostHappenings } from './host-happenings.ts';
import { linkHappenings } from './link-happenings.ts';
import { switchHappenings } from './switch-happenings.ts';

/** Switches with their ports first, then links, then hosts: causes before what they bring about. */
export function viewHappenings(update: ViewUpdate): Happening[] {
  return [...switchHappenings(update), ...linkHappenings(update), ...hostHappenings(update)];
}
