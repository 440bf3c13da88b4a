import { useApp } from './context.ts';
import { Banner } from './panels/banner.tsx';
import { Header } from './panels/header.tsx';
import { PicturePane } from './panels/picture.tsx';
import { SidePanel } from './panels/side-panel.tsx';
import { Timeline } from './panels/timeline.tsx';

/** The page. Its data attributes tell scripts and tests what it shows. */
export function App() {
  const connection = useApp((state) => state.connection.state);
  const version = useApp((state) => state.network.version);
  const known = useApp((state) => state.known);
  const selection = useApp((state) => state.selection);
  return (
    <div
      class="app"
      data-connection={connection}
      data-version={known ? version : undefined}
      data-selected={selection && `${selection.kind}:${selection.id}`}
    >
      <Header />
      <Banner />
      <main class="stage">
        <div class="scene">
          <PicturePane />
          <Timeline />
        </div>
        <SidePanel />
      </main>
    </div>
  );
}
