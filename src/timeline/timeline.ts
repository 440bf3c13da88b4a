/** The last things that happened, in a ring: the oldest make way for the newest, and whoever reads is told so. */
import type { Clock } from '../core/clock.ts';
import { createSignal } from '../core/signal.ts';
import { ENTRY_TYPES } from './entry.ts';
import type { EntryType, Happening, Severity, TimelineEntry } from './entry.ts';

/** A busy day of a lab, or the worst hour of a large network, in some megabytes. */
export const TIMELINE_ENTRIES = 10_000;

export type Since =
  /** The last entry that is known: what comes after it. 0 for all that is kept. */
  | { readonly id: number }
  /** A moment, in milliseconds since the epoch: what happened from then on. */
  | { readonly at: number };

export interface TimelineQuery {
  /** Without it the newest entries are read. */
  readonly since?: Since | undefined;
  readonly limit: number;
  /** Without it entries of every type. */
  readonly types?: ReadonlySet<EntryType> | undefined;
}

export interface TimelinePage {
  /** Newest last. */
  readonly entries: readonly TimelineEntry[];
  /** Where to go on: the id up to which all was looked at. */
  readonly next: number;
  /** There is more after `next` already. */
  readonly more: boolean;
  /** What came after `since` is not all here: it fell out of the ring, or happened in an earlier run. */
  readonly dropped: boolean;
}

/** What may be read of a timeline. */
export interface TimelineSource {
  read(query: TimelineQuery): TimelinePage;
  /** Calls back with what was recorded at once, oldest first; returns the way to stop. */
  onEntries(listener: (entries: readonly TimelineEntry[]) => void): () => void;
}

export interface TimelineOptions {
  readonly clock: Clock;
  /** Entries kept. */
  readonly capacity?: number;
}

export class Timeline implements TimelineSource {
  readonly #clock: Clock;
  readonly #capacity: number;
  /** The entry with an id is at `(id - #firstId) % capacity`. */
  readonly #ring: TimelineEntry[] = [];
  readonly #recorded = createSignal<readonly TimelineEntry[]>();
  readonly #startedAt: number;
  /** Ids begin with the start's milliseconds, so that those of a later run are larger: `since` means the same for ever. */
  readonly #firstId: number;
  #nextId: number;
  /** When the last entry that made way had happened, in milliseconds since the epoch. */
  #droppedAt: number | undefined;

  constructor({ clock, capacity = TIMELINE_ENTRIES }: TimelineOptions) {
    this.#clock = clock;
    this.#capacity = capacity;
    this.#startedAt = clock.wall();
    this.#firstId = Math.max(1, Math.floor(this.#startedAt));
    this.#nextId = this.#firstId;
  }

  /** Records what happened at the same time, in order. */
  record(happenings: readonly Happening[]): void {
    if (happenings.length === 0) return;
    const at = this.#clock.wall();
    const entries = happenings.map((happening) => this.#add(happening, at));
    this.#recorded.emit(entries);
  }

  onEntries(listener: (entries: readonly TimelineEntry[]) => void): () => void {
    return this.#recorded.on(listener);
  }

  read({ since, limit, types }: TimelineQuery): TimelinePage {
    if (!since) return { entries: this.#newest(limit, types), next: this.#nextId - 1, more: false, dropped: false };
    const { from, dropped } = 'id' in since ? this.#afterId(since.id) : this.#afterMoment(since.at);
    const entries: TimelineEntry[] = [];
    let id = from;
    for (; id < this.#nextId && entries.length < limit; id++) {
      const entry = this.#entry(id);
      if (isOf(types, entry)) entries.push(entry);
    }
    return { entries, next: id - 1, more: id < this.#nextId, dropped };
  }

  get #oldestId(): number {
    return Math.max(this.#firstId, this.#nextId - this.#capacity);
  }

  #add(happening: Happening, at: number): TimelineEntry {
    const entry = { ...happening, id: this.#nextId, at, severity: severityOf(happening) };
    const place = (entry.id - this.#firstId) % this.#capacity;
    this.#droppedAt = this.#ring[place]?.at ?? this.#droppedAt;
    this.#ring[place] = entry;
    this.#nextId++;
    return entry;
  }

  /** Of an id that is kept. */
  #entry(id: number): TimelineEntry {
    return this.#ring[(id - this.#firstId) % this.#capacity]!;
  }

  #newest(limit: number, types: ReadonlySet<EntryType> | undefined): TimelineEntry[] {
    const entries: TimelineEntry[] = [];
    for (let id = this.#nextId - 1; id >= this.#oldestId && entries.length < limit; id--) {
      const entry = this.#entry(id);
      if (isOf(types, entry)) entries.push(entry);
    }
    return entries.reverse();
  }

  #afterId(id: number): { from: number; dropped: boolean } {
    const oldest = this.#oldestId;
    if (id === 0) return { from: oldest, dropped: oldest > this.#firstId };
    // Larger than any of ours: of an earlier run whose clock was ahead.
    if (id >= this.#nextId) return { from: oldest, dropped: true };
    return id + 1 < oldest ? { from: oldest, dropped: true } : { from: id + 1, dropped: false };
  }

  /** A clock that was set back puts later entries at earlier times: the first one that fits begins. */
  #afterMoment(at: number): { from: number; dropped: boolean } {
    let from = this.#oldestId;
    while (from < this.#nextId && this.#entry(from).at < at) from++;
    return { from, dropped: at <= (this.#droppedAt ?? this.#startedAt - 1) };
  }
}

function severityOf({ type, severity = ENTRY_TYPES[type].severity }: Happening): Severity {
  return severity;
}

function isOf(types: ReadonlySet<EntryType> | undefined, entry: TimelineEntry): boolean {
  return types === undefined || types.has(entry.type);
}
