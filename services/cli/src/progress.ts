/** Tells a person how far long work has come; says nothing to a pipe but warnings. */
export interface Progress {
  count(what: string, done: number, expected?: number): void;
  say(what: string): void;
  warn(what: string): void;
  end(): void;
}

const REDRAW_MS = 200;
const ERASE_LINE = '\r\u001b[K';

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let drawnMs = 0;
  let isDrawn = false;
  const draw = (text: string): void => {
    if (!stream.isTTY) return;
    stream.write(`${ERASE_LINE}${text}`);
    isDrawn = true;
  };
  return {
    count: (what, done, expected) => {
      if (Date.now() - drawnMs < REDRAW_MS) return;
      drawnMs = Date.now();
      draw(expected === undefined ? `${done} ${what}` : `${done} of ${expected} ${what}`);
    },
    say: draw,
    warn: (what) => {
      stream.write(`${isDrawn ? ERASE_LINE : ''}${what}\n`);
      isDrawn = false;
    },
    end: () => {
      if (isDrawn) stream.write(ERASE_LINE);
      isDrawn = false;
    },
  };
}
