/** Small pieces that several panels share. */
import type { ComponentChildren } from 'preact';
import { useActions } from '../context.ts';
import type { LinkState } from '../labels.ts';
import type { Selection } from '../selection.ts';
import { formatPart } from '../traffic.ts';
import type { Level } from '../traffic.ts';

/** A state told by sign and word. */
export function Badge({
  tone,
  children,
}: {
  readonly tone: 'good' | 'warn' | 'bad' | 'off';
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge badge-${tone}`}>
      <span class="badge-sign" aria-hidden="true" />
      {children}
    </span>
  );
}

export function LinkBadge({ state }: { readonly state: LinkState }) {
  if (state === 'up') return <Badge tone="good">up</Badge>;
  return state === 'down' ? <Badge tone="bad">down</Badge> : <Badge tone="warn">one way</Badge>;
}

interface LoadProps {
  /** Of the capacity; null where that is not known. */
  readonly part: number | null;
  readonly level: Level;
}

/** How full a link is, as a bar and in words. */
export function Load({ part, level }: LoadProps) {
  if (part === null) return null;
  return (
    <div class="load">
      <div class="load-bar" aria-hidden="true">
        <svg viewBox="0 0 100 6" preserveAspectRatio="none">
          <rect class={`load-${level}`} width={Math.min(100, Math.max(part * 100, level > 0 ? 1 : 0))} height="6" />
        </svg>
      </div>
      <span class="quiet">{formatPart(part)} used</span>
    </div>
  );
}

interface GoProps {
  readonly to: Selection;
  readonly children: ComponentChildren;
}

/** A name that leads to the thing it names. */
export function Go({ to, children }: GoProps) {
  const { select } = useActions();
  return (
    <button type="button" class="go" data-go={`${to.kind}:${to.id}`} onClick={() => select(to)}>
      {children}
    </button>
  );
}

/** A row of a list of facts; nothing where there is no fact. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
