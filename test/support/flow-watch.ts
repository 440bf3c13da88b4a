/** Tells which of a bridge's flows were touched while somebody was at work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PrivateOvs } from './private-ovs.ts';
import { until } from './rest.ts';

/** Watches what changes in a bridge's flows; the function returned ends it and tells. */
export async function watchFlows(ovs: PrivateOvs, bridge: string): Promise<() => Promise<readonly string[]>> {
  const args = ['-O', 'OpenFlow13', 'monitor', `unix:${ovs.mgmtSocket(bridge)}`, 'watch:!initial'];
  const env = { ...process.env, OVS_RUNDIR: ovs.dir };
  const child = spawn('ovs-ofctl', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit');
  let text = '';
  const heard = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        resolve();
      });
    }
  });
  await heard;
  return async () => {
    // A rule of another's closes the record: without it nothing was watched.
    await ovs.ofctl('add-flow', bridge, `cookie=0x77,priority=1,in_port=4000,actions=drop`);
    await until(
      () => Promise.resolve(text),
      (seen) => seen.includes('in_port=4000'),
    );
    child.kill('SIGTERM');
    await gone;
    return text.split('\n').filter((line) => line.includes('event=') && !line.includes('in_port=4000'));
  };
}
