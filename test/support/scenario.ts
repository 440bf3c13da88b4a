/** Runs the programs of mininet/scenarios, each of which brings up a network, prints its figures and leaves nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { controllerCommand, lastLines, root, startController } from './controller.ts';

/** Mininet's API is a module of Debian's own Python. */
const PYTHON = '/usr/bin/python3';

/** A scenario that takes longer is ended, and cleans up; in milliseconds. */
export const SCENARIO_TIMEOUT_MS = 110_000;

/** For the test around a scenario: a little more, so that the scenario's own end is seen. */
export const TEST_TIMEOUT_MS: number = SCENARIO_TIMEOUT_MS + 20_000;

export interface ScenarioOptions<Figures> {
  readonly args?: readonly string[];
  /** For the controller's command line. */
  readonly controllerArgs?: readonly string[];
  /** What the line of figures must look like. */
  readonly figures: z.ZodType<Figures>;
}

/** Starts a controller, runs `mininet/scenarios/NAME.py` against it and answers the figures. */
export async function runScenario<Figures>(name: string, options: ScenarioOptions<Figures>): Promise<Figures> {
  const controller = await startController(options.controllerArgs ? { args: options.controllerArgs } : {});
  try {
    const where = ['--controller', `127.0.0.1:${controller.openflowPort}`, '--rest', controller.baseUrl];
    return await runProgram(name, [...where, ...(options.args ?? [])], options.figures);
  } catch (error) {
    throw new Error(`Scenario ${name} failed; the controller's log ends with:\n${lastLines(controller.log)}`, {
      cause: error,
    });
  } finally {
    await controller.stop();
  }
}

/** Runs a scenario that starts and kills the controller itself, on ports that were free a moment ago. */
export async function runScenarioWithOwnController<Figures>(
  name: string,
  options: ScenarioOptions<Figures>,
): Promise<Figures> {
  // Taken from a controller that ran a moment ago: the kernel hands out other ones to whoever asks for any.
  const before = await startController();
  await before.stop();
  const where = ['--controller', `127.0.0.1:${before.openflowPort}`, '--rest', before.baseUrl];
  return runProgram(name, [...where, ...(options.args ?? []), '--', ...controllerCommand], options.figures);
}

async function runProgram<Figures>(
  name: string,
  args: readonly string[],
  figures: z.ZodType<Figures>,
): Promise<Figures> {
  const program = join(root, `mininet/scenarios/${name}.py`);
  const child = spawn(PYTHON, [program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), SCENARIO_TIMEOUT_MS);
  const [output, complaints, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${name}.py ended with ${String(signal ?? code)}:\n${complaints}${output}`);
  return figures.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}
