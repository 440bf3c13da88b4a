/** What benches found, as lines of one table. */
export interface Row {
  readonly what: string;
  /** Absolute, with its unit. */
  readonly figure: string;
  /** Beside what it is compared with in the same run; or what it is made of. */
  readonly beside?: string;
  readonly target?: string;
  /** Undefined where there is no target. */
  readonly met?: boolean;
}

const HEADINGS = ['what', 'figure', 'beside', 'target', ''] as const;

/** Columns as wide as their widest cell. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    HEADINGS,
    ...rows.map(({ what, figure, beside = '', target = '', met }) => [what, figure, beside, target, verdict(met)]),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

function verdict(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}

/** Milliseconds as a person reads them. */
export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
