import { useApp } from '../context.ts';
import { formatCount, formatDuration } from '../labels.ts';
import type { Connection } from '../stream.ts';
import { SearchBox } from './search-box.tsx';

export function Header() {
  return (
    <header class="header">
      <h1 class="brand">
        <Logo />
        Signalbox
      </h1>
      <Counts />
      <SearchBox />
      <Status />
    </header>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect x="1" y="1" width="30" height="30" rx="8" class="logo-box" />
      <path d="M9 25V7" class="logo-post" />
      <path d="M9 9.5 24 6.5v7L9 12.5z" class="logo-arm" />
      <circle cx="21" cy="22" r="3.4" class="logo-lamp" />
    </svg>
  );
}

function Counts() {
  const network = useApp((state) => state.network);
  const known = useApp((state) => state.known);
  if (!known) return <div class="counts" />;
  const offline = [...network.switches.values()].filter((info) => !info.connected).length;
  return (
    <div class="counts" role="status" aria-label="Size of the network">
      <Count name="switches" one="switch" many="switches" count={network.switches.size} />
      <Count name="links" one="link" many="links" count={network.links.size} />
      <Count name="hosts" one="host" many="hosts" count={network.hosts.size} />
      {offline > 0 && (
        <span class="count count-bad" data-count="offline">
          <b>{formatCount(offline)}</b> offline
        </span>
      )}
    </div>
  );
}

interface CountProps {
  readonly name: string;
  readonly one: string;
  readonly many: string;
  readonly count: number;
}

function Count({ name, one, many, count }: CountProps) {
  return (
    <span class="count" data-count={name}>
      <b>{formatCount(count)}</b> {count === 1 ? one : many}
    </span>
  );
}

const STATES: Readonly<Record<Connection['state'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  waiting: 'Disconnected',
};

function Status() {
  const state = useApp((current) => current.connection.state);
  const version = useApp((current) => current.network.version);
  const known = useApp((current) => current.known);
  const health = useApp((current) => current.health);
  const about = health && `Controller ${health.version}, up ${formatDuration(health.uptimeSeconds)}`;
  return (
    <div class="status" title={about}>
      <span class={`pill pill-${state}`} data-status={state}>
        <span class="lamp" aria-hidden="true" />
        {STATES[state]}
      </span>
      {known && (
        <span class="version" title="The number of the network view: it grows with every change">
          view {version}
        </span>
      )}
    </div>
  );
}
