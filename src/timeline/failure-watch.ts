/** Apps that fail, and recover. */
import type { AppFailure } from '../flows/desired/tables.ts';
import type { Happening } from './entry.ts';
import { aboutOwner, ownerName, sentence } from './subjects.ts';

/** Units of one app at once: an app with a fault may fail for every host there is. */
export const FAILURES_SHOWN_AT_ONCE = 20;
/** Characters of an error that are shown; its whole is in the log. */
const MAX_CAUSE_CHARS = 300;

export interface FailureWatch {
  /** A failure came about. */
  failed(failure: AppFailure): void;
  /** What failed since this was last asked, and which of those failures ended. Asks for those of now only where there were any. */
  news(failures: () => readonly AppFailure[]): Happening[];
}

export function createFailureWatch(): FailureWatch {
  const lasting = new Map<string, AppFailure['owner']>();
  let fresh: AppFailure[] = [];
  return {
    failed(failure) {
      lasting.set(keyOf(failure.owner), failure.owner);
      fresh.push(failure);
    },
    news(failures) {
      if (lasting.size === 0) return [];
      const found = failedHappenings(fresh);
      fresh = [];
      const still = new Set(failures().map(({ owner }) => keyOf(owner)));
      for (const [key, owner] of lasting) {
        if (still.has(key)) continue;
        lasting.delete(key);
        const message = sentence(`${ownerName(owner)} fails no longer.`);
        found.push({ type: 'app.recovered', subject: aboutOwner(owner), message, cause: undefined });
      }
      return found;
    },
  };
}

function failedHappenings(failures: readonly AppFailure[]): Happening[] {
  const byApp = new Map<string, AppFailure[]>();
  for (const failure of failures) {
    const { kind } = failure.owner;
    const group = byApp.get(kind);
    if (group) group.push(failure);
    else byApp.set(kind, [failure]);
  }
  return [...byApp].flatMap(([kind, group]) => {
    const shown = group.slice(0, FAILURES_SHOWN_AT_ONCE).map(({ owner, error }): Happening => {
      const message = sentence(`${ownerName(owner)} failed: nothing that it wants is in the tables.`);
      return { type: 'app.failed', subject: aboutOwner(owner), message, cause: causeOf(error) };
    });
    const [first, ...rest] = group.slice(FAILURES_SHOWN_AT_ONCE);
    if (!first) return shown;
    const message = sentence(`${kind} failed for ${rest.length + 1} more.`);
    const more: Happening = {
      type: 'app.failed',
      subject: aboutOwner({ kind, name: '' }),
      message,
      cause: causeOf(first.error),
    };
    return [...shown, more];
  });
}

function causeOf(error: unknown): string {
  return sentence((error instanceof Error ? error.message : String(error)).slice(0, MAX_CAUSE_CHARS));
}

function keyOf({ kind, name }: AppFailure['owner']): string {
  return `${kind}/${name}`;
}
