/** What the shapes mean. */
export function Legend() {
  return (
    <details class="legend">
      <summary>Legend</summary>
      <ul>
        <li>
          <span class="sign sign-switch" aria-hidden="true" /> switch
        </li>
        <li>
          <span class="sign sign-offline" aria-hidden="true" /> switch, offline
        </li>
        <li>
          <span class="sign sign-host" aria-hidden="true" /> host
        </li>
        <li>
          <Line kind="up" /> link
        </li>
        <li>
          <Line kind="load-1" />
          <Line kind="load-2" />
          <Line kind="load-3" />
          <Line kind="load-4" /> busy; 10, 40, 75 % full
        </li>
        <li>
          <Line kind="one-way" /> link seen one way only
        </li>
        <li>
          <Line kind="down" /> link down
        </li>
      </ul>
      <p>Drag a node to pin it, double-click to let it go.</p>
    </details>
  );
}

function Line({ kind }: { readonly kind: string }) {
  return (
    <svg class={`line-sign line-${kind}`} viewBox="0 0 22 10" aria-hidden="true">
      <path d="M1 5h20" />
      {kind === 'down' && <path class="line-cross" d="M8 2l6 6M14 2l-6 6" />}
    </svg>
  );
}
