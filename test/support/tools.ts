/** Tests that need a program from outside: without it they fail where CI runs them, and elsewhere say that they did not run. */
import { execFileSync } from 'node:child_process';
import { it } from 'vitest';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

function present(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore', env: { ...process.env, PATH } });
    return true;
  } catch {
    return false;
  }
}

const OVS_PROGRAMS: readonly string[] = ['ovs-ofctl', 'ovs-vswitchd', 'ovsdb-server'];

type Test = (name: string, body: () => Promise<void> | void) => void;

function needing(programs: readonly string[], debianPackage: string): Test {
  const missing = programs.filter((program) => !present(program));
  if (missing.length === 0) return (name, body) => it(name, body);
  const reason = `${missing.join(' and ')} is not installed (Debian package ${debianPackage})`;
  return (name) =>
    it(`${name} [needs ${missing.join(', ')}]`, () => {
      if (process.env['CI'] === 'true') throw new Error(reason);
      console.warn(`NOT RUN: ${name}: ${reason}`);
    });
}

/** Whether Open vSwitch's programs are there. */
export const hasOvs = OVS_PROGRAMS.every(present);

/** A test that runs Open vSwitch's programs. */
export const withOvs: Test = needing(OVS_PROGRAMS, 'openvswitch-switch');
/** Whether tshark is there. */
export const hasTshark = present('tshark');

/** A test that runs tshark. */
export const withTshark: Test = needing(['tshark'], 'tshark');
