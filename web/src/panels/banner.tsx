import { useEffect, useState } from 'preact/hooks';
import { useActions, useApp } from '../context.ts';
import { formatClock } from '../labels.ts';

/** A break shorter than this is not worth a banner: the first attempt to come back may just succeed. */
const PATIENCE_MS = 400;

/** Tells that what is shown is old, from when, and when the next attempt is. */
export function Banner() {
  const connection = useApp((state) => state.connection);
  const heardAt = useApp((state) => state.heardAt);
  const known = useApp((state) => state.known);
  const { retryNow } = useActions();
  const [now, setNow] = useState(Date.now);
  const [shown, setShown] = useState(false);
  const broken = connection.state === 'waiting' || (connection.state === 'connecting' && known);

  useEffect(() => {
    if (!broken) {
      setShown(false);
      return undefined;
    }
    const appear = setTimeout(() => setShown(true), PATIENCE_MS);
    const count = setInterval(() => setNow(Date.now()), 1000);
    setNow(Date.now());
    return () => {
      clearTimeout(appear);
      clearInterval(count);
    };
  }, [broken]);

  if (!broken || !shown) return <div class="banner-place" role="status" />;
  const wait = connection.state === 'waiting' ? Math.max(0, Math.ceil((connection.retryAt - now) / 1000)) : 0;
  return (
    <div class="banner-place" role="status">
      <div class="banner" data-banner="disconnected">
        <span>
          <b>No connection to the controller.</b>{' '}
          {known && heardAt !== undefined && `You see the network as of ${formatClock(heardAt)}. `}
          <span aria-hidden="true">{wait > 0 ? `Next attempt in ${wait} s.` : 'Trying now…'}</span>
        </span>
        <button type="button" class="button" onClick={retryNow} disabled={connection.state !== 'waiting'}>
          Try now
        </button>
      </div>
    </div>
  );
}
