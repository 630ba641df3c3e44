/** A log that only draws the lines in sight: a thousand lines a second, and memory that ends. */

import { IDisposable } from '@lumino/disposable';

import { ILogLine } from '../api/types';

const ROW_PX = 18;
const BEYOND = 10;
const SOURCE = /File "([^"]+)", line (\d+)/;

/** What to do when somebody clicks on a place in a traceback. */
export type OpenSource = (path: string, line: number) => void;

export class LogView implements IDisposable {
  /**
   * @param host - Becomes the log.
   * @param limit - Lines to keep; older ones are forgotten.
   */
  constructor(
    private readonly host: HTMLElement,
    private limit: number,
    private readonly openSource: OpenSource,
    private readonly onChange: () => void
  ) {
    host.classList.add('mooring-Log');
    host.tabIndex = 0;
    host.setAttribute('role', 'log');
    host.setAttribute('aria-live', 'off');
    this.space.className = 'mooring-Log-space';
    this.rows.className = 'mooring-Log-rows';
    this.space.append(this.rows);
    host.append(this.space);
    host.addEventListener('scroll', this.onScroll, { passive: true });
    host.addEventListener('click', this.onClick);
    this.observer.observe(host);
  }

  /** Whether the newest line is kept in sight. */
  follows = true;
  /** Whether new lines wait out of sight. */
  isPaused = false;
  isDisposed = false;

  /** Lines kept, and how many of them match. */
  get counts(): { kept: number; shown: number; forgotten: number; waiting: number } {
    return {
      kept: this.lines.length,
      shown: this.matching ? this.matching.length : this.lines.length,
      forgotten: this.forgotten,
      waiting: this.waiting.length
    };
  }

  /** Add lines at the end. */
  add(lines: ILogLine[]): void {
    const into = this.isPaused ? this.waiting : this.lines;
    const before = into.length;
    for (const line of lines) {
      into.push(line);
    }
    if (!this.isPaused && this.matching) {
      for (let n = before; n < into.length; n++) {
        if (this.matches(into[n])) {
          this.matching.push(n);
        }
      }
    }
    this.forget();
    this.draw();
  }

  /** Begin anew. */
  clear(): void {
    this.lines = [];
    this.waiting = [];
    this.forgotten = 0;
    this.search(this.wanted);
  }

  /** Show only lines that hold a text. */
  search(text: string): void {
    this.wanted = text.toLowerCase();
    this.matching = this.wanted
      ? this.lines.map((line, n) => (this.matches(line) ? n : -1)).filter(n => n >= 0)
      : null;
    this.draw();
  }

  follow(isWanted: boolean): void {
    this.follows = isWanted;
    this.draw();
  }

  pause(isWanted: boolean): void {
    this.isPaused = isWanted;
    if (!isWanted) {
      const waiting = this.waiting;
      this.waiting = [];
      this.add(waiting);
    }
    this.draw();
  }

  text(): string {
    return this.lines.map(line => textOf(line)).join('\n');
  }

  dispose(): void {
    this.isDisposed = true;
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.host.removeEventListener('scroll', this.onScroll);
    this.host.removeEventListener('click', this.onClick);
    this.lines = [];
    this.waiting = [];
  }

  /** Old lines go in one piece, so that forgetting costs little. */
  private forget(): void {
    if (this.waiting.length > this.limit) {
      this.forgotten += this.waiting.length - this.limit;
      this.waiting = this.waiting.slice(-this.limit);
    }
    const slack = Math.max(100, this.limit / 10);
    if (this.lines.length <= this.limit + slack) {
      return;
    }
    const gone = this.lines.length - this.limit;
    this.lines = this.lines.slice(gone);
    this.forgotten += gone;
    if (this.matching) {
      this.matching = this.matching.filter(n => n >= gone).map(n => n - gone);
    }
    if (!this.follows) {
      this.host.scrollTop = Math.max(0, this.host.scrollTop - gone * ROW_PX);
    }
  }

  private draw(): void {
    if (!this.frame && !this.isDisposed) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.drawNow();
      });
    }
  }

  private drawNow(): void {
    const total = this.matching ? this.matching.length : this.lines.length;
    const height = this.host.clientHeight;
    this.space.style.height = `${total * ROW_PX}px`;
    if (this.follows) {
      this.host.scrollTop = total * ROW_PX;
    }
    const first = Math.max(0, Math.floor(this.host.scrollTop / ROW_PX) - BEYOND);
    const last = Math.min(total, Math.ceil((this.host.scrollTop + height) / ROW_PX) + BEYOND);
    const drawn = document.createDocumentFragment();
    for (let n = first; n < last; n++) {
      drawn.append(this.row(this.lines[this.matching ? this.matching[n] : n]));
    }
    this.rows.replaceChildren(drawn);
    this.rows.style.transform = `translateY(${first * ROW_PX}px)`;
    this.onChange();
  }

  private row(line: ILogLine): HTMLElement {
    const row = document.createElement('div');
    row.className = `mooring-Line ${line.phase ? `mooring-mod-event mooring-mod-${line.kind}` : `mooring-mod-${line.stream}`}`;
    const time = document.createElement('span');
    time.className = 'mooring-Line-time';
    time.textContent = line.time ? line.time.slice(11, 23) : '';
    const text = document.createElement('span');
    const told = textOf(line);
    const source = SOURCE.exec(told);
    if (source) {
      text.append(told.slice(0, source.index), link(source), told.slice(source.index + source[0].length));
    } else {
      this.mark(text, told);
    }
    row.append(time, text);
    return row;
  }

  private mark(into: HTMLElement, told: string): void {
    const at = this.wanted ? told.toLowerCase().indexOf(this.wanted) : -1;
    if (at < 0) {
      into.textContent = told;
      return;
    }
    const mark = document.createElement('mark');
    mark.textContent = told.slice(at, at + this.wanted.length);
    into.append(told.slice(0, at), mark, told.slice(at + this.wanted.length));
  }

  private matches(line: ILogLine): boolean {
    return textOf(line).toLowerCase().includes(this.wanted);
  }

  private readonly onScroll = (): void => {
    const isAtEnd = this.host.scrollTop + this.host.clientHeight >= this.space.offsetHeight - ROW_PX;
    if (this.follows !== isAtEnd && !this.frame) {
      this.follows = isAtEnd;
    }
    this.draw();
  };

  private readonly onClick = (event: MouseEvent): void => {
    const place = (event.target as HTMLElement).closest<HTMLElement>('.mooring-Source');
    if (place) {
      this.openSource(place.dataset.path!, Number(place.dataset.line));
    }
  };

  private readonly observer = new ResizeObserver(() => this.draw());
  private readonly space = document.createElement('div');
  private readonly rows = document.createElement('div');
  private lines: ILogLine[] = [];
  private waiting: ILogLine[] = [];
  private matching: number[] | null = null;
  private wanted = '';
  private forgotten = 0;
  private frame = 0;
}

function textOf(line: ILogLine): string {
  return line.phase ? `${line.phase}  ${line.text}` : line.text;
}

function link(source: RegExpExecArray): HTMLElement {
  const button = document.createElement('button');
  button.className = 'mooring-Link mooring-Source';
  button.dataset.path = source[1];
  button.dataset.line = source[2];
  button.textContent = source[0];
  button.title = 'Open the file at this line';
  return button;
}
