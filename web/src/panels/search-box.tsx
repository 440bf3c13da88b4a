import type { TargetedKeyboardEvent } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useActions, useApp } from '../context.ts';
import { SEARCH_ID } from '../keys.ts';
import { search } from '../search.ts';
import type { Found } from '../search.ts';

const KINDS = { switch: 'switch', host: 'host', link: 'link' } as const;

/** A combobox: arrows move, Enter selects, Esc clears. */
export function SearchBox() {
  const network = useApp((state) => state.network);
  const query = useApp((state) => state.query);
  const actions = useActions();
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(false);
  const results = useMemo(() => search(network, query), [network, query]);
  const at = Math.min(active, Math.max(0, results.length - 1));
  const expanded = open && query.trim() !== '';

  const pick = (found: Found | undefined): void => {
    if (found === undefined) return;
    // Leaving the field lets the details take the focus, and `f` and `/` work again.
    document.getElementById(SEARCH_ID)?.blur();
    actions.setQuery('');
    actions.select(found.selection);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    // What stands in the field now counts: Enter may come before the results of the last letter were drawn.
    if (event.key === 'Enter') pick(search(network, event.currentTarget.value)[at]);
    else if (event.key === 'ArrowDown') setActive((at + 1) % Math.max(1, results.length));
    else if (event.key === 'ArrowUp') setActive((at + results.length - 1) % Math.max(1, results.length));
    else return;
    event.preventDefault();
  };
  return (
    <search class="search">
      <input
        id={SEARCH_ID}
        class="search-input"
        type="text"
        role="combobox"
        placeholder="Find by name, IP, MAC or dpid"
        aria-label="Find a switch, link or host by name, IP, MAC or dpid"
        aria-expanded={expanded}
        aria-controls="search-results"
        aria-activedescendant={expanded && results.length > 0 ? `found-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => {
          actions.setQuery(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd class="search-key" aria-hidden="true">
        /
      </kbd>
      <ul id="search-results" class="results" role="listbox" aria-label="Found" hidden={!expanded}>
        {results.map((found, index) => (
          <li
            key={`${found.selection.kind}:${found.selection.id}`}
            id={`found-${index}`}
            class="result"
            role="option"
            aria-selected={index === at}
            data-found={`${found.selection.kind}:${found.selection.id}`}
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => setActive(index)}
            onClick={() => pick(found)}
          >
            <span class={`sign sign-${found.selection.kind}`} aria-hidden="true" />
            <span class="result-label">{found.label}</span>
            <span class="result-kind">{KINDS[found.selection.kind]}</span>
            <span class="result-detail">{found.detail}</span>
          </li>
        ))}
        {results.length === 0 && <li class="result-none">Nothing is called “{query.trim()}”.</li>}
      </ul>
    </search>
  );
}
