import { useApp } from '../context.ts';
import { formatClock } from '../labels.ts';
import type { Tone } from '../words.ts';

/** Told by sign as well as by colour. */
const SIGNS: Readonly<Record<Tone, string>> = { good: '+', bad: '−', note: '·' };

/** The last changes in words, newest first. */
export function EventLog() {
  const log = useApp((state) => state.log);
  return (
    <section class="log" aria-label="Last changes">
      <div class="log-lines" role="log" aria-live="polite" tabIndex={0} aria-label="Last changes, newest first">
        <ol>
          {log.map((entry) => (
            <li key={entry.id} class={`log-line tone-${entry.tone}`}>
              <time class="log-time" dateTime={new Date(entry.at).toISOString()}>
                {formatClock(entry.at)}
              </time>
              <span class="log-sign" aria-hidden="true">
                {SIGNS[entry.tone]}
              </span>
              <span class="log-text">{entry.text}</span>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
