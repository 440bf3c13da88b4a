/** The colours and fonts of the canvas: those of the style sheet, read again when the scheme changes. */

export interface Theme {
  readonly canvas: string;
  readonly raised: string;
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  readonly switchFill: string;
  readonly switchInk: string;
  readonly offline: string;
  readonly host: string;
  readonly hostEdge: string;
  readonly link: string;
  readonly hostLink: string;
  /** Of lines by how busy they are, from level 1 on. */
  readonly load: readonly string[];
  readonly warn: string;
  readonly bad: string;
  readonly font: string;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    canvas: colour('canvas'),
    raised: colour('raised'),
    ink: colour('ink'),
    muted: colour('muted'),
    accent: colour('accent'),
    switchFill: colour('switch'),
    switchInk: colour('switch-ink'),
    offline: colour('offline'),
    host: colour('host'),
    hostEdge: colour('host-edge'),
    link: colour('link'),
    hostLink: colour('link-host'),
    load: [1, 2, 3, 4].map((level) => colour(`load-${level}`)),
    warn: colour('warn'),
    bad: colour('bad'),
    font: style.fontFamily,
  };
}
