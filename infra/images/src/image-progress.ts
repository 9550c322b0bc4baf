/** How often a phase that goes on says so again. */
const repeatMs = 5_000;

/** Progress lines about one image, each with the seconds since its first. Its timer ends with `using`. */
export function progressOf(ref: string, onProgress: (line: string) => void) {
  const start = performance.now();
  let current = "";
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  const say = (text: string): void => onProgress(`${ref}  ${text}`);
  let timer: NodeJS.Timeout | undefined;
  return {
    /** What goes on now; said again every few seconds. */
    phase(text: string): void {
      if (text === current) return;
      current = text;
      say(`${text} · ${seconds()}`);
      timer ??= setInterval(() => say(`${current} · ${seconds()}`), repeatMs).unref();
      timer.refresh();
    },
    /** A line of its own. */
    say,
    done(text: string): void {
      clearInterval(timer);
      say(`${text} in ${seconds()}`);
    },
    [Symbol.dispose](): void {
      clearInterval(timer);
    },
  };
}
