/** Asks the controller now and then whether it is there: a socket alone may look open long after its peer is gone. */
import { fetchHealth } from './api.ts';
import type { Health } from './api.ts';
import type { Stream } from './stream.ts';

const EVERY_MS = 15_000;

export interface WatchdogOptions {
  readonly stream: Stream;
  readonly isLive: () => boolean;
  readonly onHealth: (health: Health | undefined) => void;
}

/** Starts watching; returns the way to stop. Nothing is asked while the page is hidden. */
export function startWatchdog({ stream, isLive, onHealth }: WatchdogOptions): () => void {
  const look = async (): Promise<void> => {
    if (document.visibilityState === 'hidden' || !isLive()) return;
    try {
      onHealth(await fetchHealth());
    } catch {
      if (isLive()) stream.suspect();
    }
  };
  const awake = (): void => {
    if (document.visibilityState === 'hidden') return;
    stream.retryNow();
    void look();
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('online', awake);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', awake);
    window.removeEventListener('online', awake);
  };
}
