/** Starts the view: the stream fills the store, the page shows it. */
import { options, render } from 'preact';
import { createActions } from './actions.ts';
import { App } from './app.tsx';
import { ReachContext } from './context.ts';
import { watchKeys } from './keys.ts';
import { createLiveStream } from './live.ts';
import { createStore } from './store.ts';
import { startWatchdog } from './watchdog.ts';
import './style.css';

// One render a frame at most, however many changes arrive.
options.debounceRendering = requestAnimationFrame;

const store = createStore();
const stream = createLiveStream(store);
const actions = createActions(store, stream);
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no element #app to show the view in.');

render(
  <ReachContext.Provider value={{ store, actions }}>
    <App />
  </ReachContext.Provider>,
  root,
);
watchKeys(actions);
startWatchdog({
  stream,
  isLive: () => store.get().connection.state === 'live',
  onHealth: (health) => store.set({ health }),
});
stream.start();
