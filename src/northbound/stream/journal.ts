/** The last changes, kept so that a client that was away can go on where it left. Bounded by count and by size. */
import type { JournalTopic } from './topics.ts';

export interface ChangeRecord {
  readonly version: number;
  /** The change made this version; otherwise it tells of the timeline while the version stood. */
  readonly isView: boolean;
  /** The events of each topic as JSON, with commas between and no brackets. */
  readonly events: Readonly<Record<JournalTopic, string>>;
}

export interface JournalOptions {
  /** The version before the first change. */
  readonly version: number;
  readonly maxChanges: number;
  /** Characters of all events kept. */
  readonly maxChars: number;
}

export class Journal {
  readonly #maxChanges: number;
  readonly #maxChars: number;
  readonly #records: ChangeRecord[] = [];
  #chars = 0;
  /**
   * The version just before the oldest record: the earliest that can be resumed from. Undefined where some of what was told
   * while it stood is gone.
   */
  #floor: number | undefined;

  constructor(options: JournalOptions) {
    this.#floor = options.version;
    this.#maxChanges = options.maxChanges;
    this.#maxChars = options.maxChars;
  }

  append(record: ChangeRecord): void {
    this.#records.push(record);
    this.#chars += sizeOf(record);
    while (this.#records.length > this.#maxChanges || this.#chars > this.#maxChars) {
      const oldest = this.#records.shift();
      if (!oldest) return;
      this.#chars -= sizeOf(oldest);
      this.#floor = oldest.isView ? oldest.version : undefined;
    }
  }

  /**
   * The changes after a version, all that was told while it stood among them; undefined where they are not all here, or
   * the version never was.
   */
  since(version: number): readonly ChangeRecord[] | undefined {
    if (version === this.#floor) return this.#records;
    const at = this.#records.findLastIndex((record) => record.isView && record.version === version);
    return at < 0 ? undefined : this.#records.slice(at + 1);
  }
}

function sizeOf({ events }: ChangeRecord): number {
  return events.switches.length + events.links.length + events.hosts.length + events.events.length;
}
