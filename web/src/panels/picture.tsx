import { useEffect, useRef, useState } from 'preact/hooks';
import { useActions, useApp, useReach } from '../context.ts';
import { createGraph } from '../graph/graph.ts';
import type { Direction } from '../graph/walk.ts';
import { countOf } from '../labels.ts';
import { Legend } from './legend.tsx';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const ZOOM_STEP = 1.35;

/** The canvas with its tools. What it shows can also be read and chosen in the list. */
export function PicturePane() {
  const { store, actions } = useReach();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    if (canvas.current === null) return undefined;
    try {
      const graph = createGraph({ canvas: canvas.current, shelf: localStorage, onSelect: actions.select });
      actions.setPicture(graph);
      const unsubscribe = store.subscribe((state, events) => {
        graph.show(state.network, events);
        graph.showTraffic(state.traffic);
        graph.select(state.selection);
      });
      graph.show(store.get().network, []);
      graph.showTraffic(store.get().traffic);
      return () => {
        unsubscribe();
        actions.setPicture(undefined);
        graph.dispose();
      };
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    const picture = actions.picture();
    if (direction !== undefined) picture?.walk(direction);
    else if (event.key === '+' || event.key === '=') picture?.zoom(ZOOM_STEP);
    else if (event.key === '-') picture?.zoom(1 / ZOOM_STEP);
    else return;
    event.preventDefault();
  };
  return (
    <div class="picture">
      <canvas ref={canvas} class="canvas" tabIndex={0} role="img" aria-label={useSummary()} onKeyDown={onKeyDown} />
      {failure !== undefined && <p class="notice">{failure}</p>}
      <EmptyNotice />
      <Tools />
      <Legend />
    </div>
  );
}

function useSummary(): string {
  const network = useApp((state) => state.network);
  const switches = countOf(network.switches.size, 'switch', 'switches');
  const links = countOf(network.links.size, 'link', 'links');
  const hosts = countOf(network.hosts.size, 'host', 'hosts');
  return `Map of the network: ${switches}, ${links}, ${hosts}. Arrow keys walk from one to the next; the list tells all in text.`;
}

function EmptyNotice() {
  const known = useApp((state) => state.known);
  const empty = useApp((state) => state.network.switches.size === 0);
  if (!known) return <p class="notice">Waiting for the controller…</p>;
  if (!empty) return null;
  return (
    <div class="notice">
      <p>
        <b>No switch has connected yet.</b>
      </p>
      <p>Point Open vSwitch at this controller, for example:</p>
      <p>
        <code>ovs-vsctl set-controller s1 tcp:{location.hostname || '127.0.0.1'}:6653</code>
      </p>
    </div>
  );
}

function Tools() {
  const { picture } = useActions();
  return (
    <div class="tools" role="toolbar" aria-label="Picture">
      <button type="button" class="tool" title="Zoom in (+)" onClick={() => picture()?.zoom(ZOOM_STEP)}>
        <Icon path="M8 3v10M3 8h10" />
        <span class="hidden">Zoom in</span>
      </button>
      <button type="button" class="tool" title="Zoom out (-)" onClick={() => picture()?.zoom(1 / ZOOM_STEP)}>
        <Icon path="M3 8h10" />
        <span class="hidden">Zoom out</span>
      </button>
      <button type="button" class="tool" title="Fit to screen (f)" data-tool="fit" onClick={() => picture()?.fit()}>
        <Icon path="M2.5 6V2.5H6M10 2.5h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10" />
        <span class="hidden">Fit to screen</span>
      </button>
      <button
        type="button"
        class="tool"
        title="Arrange anew: unpins all and forgets their places"
        data-tool="arrange"
        onClick={() => picture()?.rearrange()}
      >
        <Icon path="M8 2.500v3M8 5.500 3.500 10M8 5.500 12.500 10M2 10.500h3v3H2zM11 10.500h3v3h-3z" />
        <span class="hidden">Arrange anew</span>
      </button>
    </div>
  );
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
