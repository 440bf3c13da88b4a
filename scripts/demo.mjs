// npm run demo: a real Mininet network under the controller, from a checkout where nothing may be installed yet.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { ensureDebianPackages, isRoot, MININET_PACKAGES } from './lib/debian-packages.mjs';
import { checkNodeVersion } from './lib/node-version.mjs';
import { ensureNpmPackages } from './lib/npm-packages.mjs';
import { freePort } from './lib/ports.mjs';
import { ROOT, run } from './lib/run.mjs';
import { CannotGoOn, runScript } from './lib/say.mjs';
import { ensureWebView } from './lib/web-view.mjs';

const USAGE = `npm run demo -- [--topo NAME[:ARGS]] [--check] [--openflow PORT] [--http PORT]

Brings up a Mininet network of Open vSwitch bridges under the controller, checks that all pairs ping and prints the
address of the web view. On a terminal it leaves you in Mininet's prompt; without one, or with --check, it runs a tour
that cuts a link and kills the controller under traffic, and exits 0 only if everything held.

  --topo NAME[:ARGS]  fattree:4 (default), tree:3 or tree:3,2 (depth, fanout), linear:8, single:4, torus:3,3, mesh:6,
                      ring:5, random:8,SEED
  --check             run the tour also on a terminal
  --openflow PORT     the controller's OpenFlow port (default 6653, a free one where that is taken)
  --http PORT         the web view's port (default 8080, a free one where that is taken)
  --wait-lock SECONDS how long to wait for another Mininet network of ours to end (default 0)
`;

const OPTIONS = {
  topo: { type: 'string', default: 'fattree:4' },
  check: { type: 'boolean', default: false },
  openflow: { type: 'string', default: '6653' },
  http: { type: 'string', default: '8080' },
  'wait-lock': { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
};

await runScript(async (args) => {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  checkNodeVersion();
  if (!isRoot()) {
    throw new CannotGoOn('Mininet makes network namespaces and interfaces, which needs root: sudo npm run demo');
  }
  await ensureDebianPackages(MININET_PACKAGES, 'The demo');
  await ensureNpmPackages();
  await ensureWebView();
  const openflow = await freePort(portNumber(options.openflow, '--openflow'), 'OpenFlow');
  const http = await freePort(portNumber(options.http, '--http'), 'the web view');
  const check = options.check ? ['--check'] : [];
  const wait = ['--wait-lock', options['wait-lock']];
  const ports = ['--openflow', String(openflow), '--http', String(http)];
  const controller = [process.execPath, join(ROOT, 'bin/signalbox.mjs')];
  const demo = [
    join(ROOT, 'mininet/demo.py'),
    '--topo',
    options.topo,
    ...ports,
    ...wait,
    ...check,
    '--',
    ...controller,
  ];
  return run('/usr/bin/python3', demo);
});

function readOptions(args) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new CannotGoOn(`${error.message}\n\n${USAGE}`);
  }
}

function portNumber(text, option) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CannotGoOn(`${option} takes a port number from 1 to 65535, not '${text}'.`);
}
