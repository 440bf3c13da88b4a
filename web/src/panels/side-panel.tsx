import { useActions, useApp } from '../context.ts';
import type { Tab } from '../store.ts';
import { Details } from './details.tsx';
import { Lists } from './lists.tsx';

const TABS: readonly { readonly tab: Tab; readonly label: string }[] = [
  { tab: 'details', label: 'Details' },
  { tab: 'list', label: 'List' },
];

export function SidePanel() {
  const current = useApp((state) => state.tab);
  const { showTab } = useActions();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const next = current === 'details' ? 'list' : 'details';
    showTab(next);
    document.getElementById(`tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <aside class="side" aria-label="Details and list">
      <div class="tabs" role="tablist" aria-label="Side panel" onKeyDown={onKeyDown}>
        {TABS.map(({ tab, label }) => (
          <button
            key={tab}
            type="button"
            id={`tab-${tab}`}
            class="tab"
            role="tab"
            aria-selected={tab === current}
            aria-controls="panel"
            tabIndex={tab === current ? 0 : -1}
            onClick={() => showTab(tab)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id="panel" class="panel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {current === 'details' ? <Details /> : <Lists />}
      </div>
    </aside>
  );
}
