/** Keys that work wherever the focus is: `/` searches, `f` fits, Esc clears. */
import type { Actions } from './actions.ts';

export const SEARCH_ID = 'search';

/** Listens until the returned function is called. */
export function watchKeys(actions: Actions): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape') {
      actions.clear();
      if (isTyping(event.target)) (event.target as HTMLElement).blur();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById(SEARCH_ID)?.focus();
    } else if (event.key === 'f') actions.picture()?.fit();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}
