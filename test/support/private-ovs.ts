/**
 * A private Open vSwitch: its own database, switch daemon and directory, without root and without a kernel module.
 * Bridges use the dummy datapath, so nothing of the host is touched, and any number of instances run side by side.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const COMMAND_TIMEOUT_MS = 20_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024; // a dump of many flows is long
const SCHEMA = join(process.env['OVS_PKGDATADIR'] ?? '/usr/share/openvswitch', 'vswitch.ovsschema');
/** Debian keeps the daemons where only root's PATH looks. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

export interface BridgeOptions {
  /** 16 hex digits. */
  readonly dpid: string;
  /** Such as `tcp:127.0.0.1:6653`. */
  readonly controller?: string;
  /** What the bridge does without a controller; 'secure' (default): only what its flows say. */
  readonly failMode?: 'secure' | 'standalone';
}

export interface DummyPortOptions {
  /** The OpenFlow port number to ask for. */
  readonly ofport?: number;
  /** Interface options: `{ pcap: 'file', tx_pcap: 'file', pstream: 'punix:…', stream: 'unix:…' }`. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface BridgePort {
  readonly bridge: string;
  readonly ofport: number;
}

export interface PrivateOvs {
  /** Where its sockets, database and logs are; gone after `dispose`. */
  readonly dir: string;
  /** Runs `ovs-vsctl`; several commands may be joined with '--'. */
  vsctl(...args: string[]): Promise<string>;
  /** Runs `ovs-ofctl -O OpenFlow13` with a command, a bridge and what follows: `ofctl('dump-flows', 's1')`. */
  ofctl(command: string, bridge: string, ...args: string[]): Promise<string>;
  /** Runs `ovs-appctl` against the switch daemon: `appctl('ofproto/trace', 's1', 'in_port=1')`. */
  appctl(...args: string[]): Promise<string>;
  /** The OpenFlow socket of a bridge, for a client of one's own. */
  mgmtSocket(bridge: string): string;
  addBridge(name: string, options: BridgeOptions): Promise<void>;
  /** Joins two bridges by a pair of patch ports; port names are `<bridge>-<ofport>`. */
  patch(a: BridgePort, b: BridgePort): Promise<void>;
  /** Adds a port that nothing is plugged into; feed it with `appctl('netdev-dummy/receive', name, packet)`. */
  dummyPort(bridge: string, name: string, options?: DummyPortOptions): Promise<void>;
  /** Stops both daemons and removes the directory. */
  dispose(): Promise<void>;
}

/** Starts a database server and a switch daemon; rejects with what they printed where that fails. */
export async function startPrivateOvs(): Promise<PrivateOvs> {
  const dir = await mkdtemp(join(tmpdir(), 'ovs-'));
  const env = { ...process.env, PATH, OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir };
  const database = `unix:${join(dir, 'db.sock')}`;
  const command = async (program: string, args: readonly string[]): Promise<string> => {
    const options = { env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX };
    return (await run(program, args, options)).stdout;
  };
  const vsctl = (...args: string[]): Promise<string> =>
    command('ovs-vsctl', [`--db=${database}`, '--retry', '--timeout=15', '--no-syslog', ...args]);

  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): void => {
    daemons.push(
      startDaemon(
        program,
        [...args, `--log-file=${join(dir, `${program}.log`)}`, '-vconsole:off', '-vsyslog:off'],
        env,
      ),
    );
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(daemons.reverse().map(stopDaemon));
    await rm(dir, { recursive: true, force: true });
  };

  try {
    await command('ovsdb-tool', ['create', join(dir, 'conf.db'), SCHEMA]);
    start('ovsdb-server', join(dir, 'conf.db'), `--remote=p${database}`, `--unixctl=${join(dir, 'ovsdb.ctl')}`);
    await vsctl('--no-wait', 'init');
    start(
      'ovs-vswitchd',
      database,
      '--disable-system',
      '--enable-dummy=override',
      `--unixctl=${join(dir, 'vswitchd.ctl')}`,
    );
    await vsctl('set', 'Open_vSwitch', '.', 'external_ids:started=true'); // answers once the switch daemon has taken it up
  } catch (error) {
    await dispose();
    throw new Error('A private Open vSwitch did not start; is the package openvswitch-switch installed?', {
      cause: error,
    });
  }

  const mgmtSocket = (bridge: string): string => join(dir, `${bridge}.mgmt`);
  return {
    dir,
    vsctl,
    mgmtSocket,
    dispose,
    ofctl: (verb, bridge, ...args) =>
      command('ovs-ofctl', ['-O', 'OpenFlow13', verb, `unix:${mgmtSocket(bridge)}`, ...args]),
    appctl: (...args) => command('ovs-appctl', ['-t', join(dir, 'vswitchd.ctl'), ...args]),
    addBridge: async (name, options) => {
      await vsctl(...bridgeCommands(name, options));
    },
    patch: async (a, b) => {
      await vsctl(...patchCommands(a, b), '--', ...patchCommands(b, a));
    },
    dummyPort: async (bridge, name, options) => {
      await vsctl(...dummyPortCommands(bridge, name, options));
    },
  };
}

/** What `addBridge` hands to `vsctl`, for who joins many such commands with '--'. */
export function bridgeCommands(name: string, { dpid, controller, failMode = 'secure' }: BridgeOptions): string[] {
  const settings = [
    'datapath_type=dummy',
    'protocols=OpenFlow13',
    `fail_mode=${failMode}`,
    `other_config:datapath-id=${dpid}`,
  ];
  const add = ['add-br', name, '--', 'set', 'bridge', name].concat(settings);
  return controller === undefined ? add : add.concat('--', 'set-controller', name, controller);
}

/** The near half of a pair of patch ports, as `bridgeCommands`. */
export function patchCommands(from: BridgePort, to: BridgePort): string[] {
  const name = `${from.bridge}-${from.ofport}`;
  const settings = ['type=patch', `options:peer=${to.bridge}-${to.ofport}`, `ofport_request=${from.ofport}`];
  return ['add-port', from.bridge, name, '--', 'set', 'interface', name].concat(settings);
}

/** What `dummyPort` hands to `vsctl`, as `bridgeCommands`. */
export function dummyPortCommands(
  bridge: string,
  name: string,
  { ofport, options = {} }: DummyPortOptions = {},
): string[] {
  const settings = Object.entries(options).map(([key, value]) => `options:${key}=${JSON.stringify(value)}`);
  if (ofport !== undefined) settings.push(`ofport_request=${ofport}`);
  return ['add-port', bridge, name, '--', 'set', 'interface', name, 'type=dummy', ...settings];
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const daemon of running) daemon.kill('SIGKILL');
});

/** Linux ends the daemon with the test's process, however that dies; where the tool is missing, only an orderly end does. */
const SETPRIV = '/usr/bin/setpriv';
const WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : [];

function startDaemon(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const [command, ...rest] = [...WITH_PARENT, program, ...args];
  const daemon = spawn(command!, rest, { env, stdio: 'ignore' });
  running.add(daemon);
  daemon.once('error', () => running.delete(daemon)); // the command that waits for it tells the story
  daemon.once('exit', () => running.delete(daemon));
  return daemon;
}

async function stopDaemon(daemon: ChildProcess): Promise<void> {
  if (!running.has(daemon)) return;
  const gone = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  await gone;
}
