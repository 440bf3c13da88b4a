import { useActions, useApp } from '../context.ts';
import { formatClock, formatMoment } from '../labels.ts';
import { subjectOf } from '../timeline.ts';
import type { Severity, TimelineEvent } from '../wire.ts';

/** Told by sign and word as well as by colour. */
const SIGNS: Readonly<Record<Severity, string>> = { info: '·', warning: '▲', alarm: '!' };

/** What happened and why, newest first. An event leads to what it is about. */
export function Timeline() {
  const timeline = useApp((state) => state.timeline);
  const known = useApp((state) => state.known);
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="timeline-scroll" role="log" aria-live="polite" tabIndex={0} aria-label="What happened, newest first">
        <ol>
          {timeline.map((event) => (
            <Line key={event.id} event={event} />
          ))}
        </ol>
        {known && timeline.length === 0 && <p class="hint">Nothing has happened yet.</p>}
      </div>
    </section>
  );
}

function Line({ event }: { readonly event: TimelineEvent }) {
  const { severity, at, message, cause } = event;
  return (
    <li class={`event event-${severity}`} data-event={event.type} data-severity={severity}>
      <time class="event-time" dateTime={at} title={formatMoment(at)}>
        {formatClock(Date.parse(at))}
      </time>
      <span class="event-sign" aria-hidden="true">
        {SIGNS[severity]}
      </span>
      <span class="event-text">
        {severity !== 'info' && <span class="hidden">{severity}: </span>}
        <Message event={event}>{message}</Message>
        {cause !== null && <span class="event-cause"> {cause}</span>}
      </span>
    </li>
  );
}

function Message({ event, children }: { readonly event: TimelineEvent; readonly children: string }) {
  const network = useApp((state) => state.network);
  const { select } = useActions();
  const subject = subjectOf(network, event);
  if (subject === undefined) return <span class="event-message">{children}</span>;
  return (
    <button type="button" class="event-message event-go" onClick={() => select(subject)}>
      {children}
    </button>
  );
}
