/**
 * Writes into an output channel, fast enough to follow by eye.
 *
 * The editor shows what is appended to a channel 300 ms after the last append, so a busy log would stand still, and a
 * quiet one would lag. A replaced text is shown at once, but is written whole into the channel's file, which the editor
 * caps at 30 MB. So: replace while the text is short and there is room in the file, then append in measured steps.
 */

import type * as vscode from 'vscode';

const largestReplaced = 256_000;
const roomForReplacing = 20_000_000;
const leastPauseMs = 25;
const replacedPerMs = 1_000;
/** Longer than the editor waits, so that it gets round to showing. */
const appendPauseMs = 320;

/** All that a channel should show now, what is pending included. */
export interface Whole {
  readonly length: number;
  text(): string;
}

export class ChannelWriter {
  private pending = '';
  private replaced = 0;
  private timer: NodeJS.Timeout | undefined;
  private lastWrite = 0;

  constructor(
    private readonly channel: Pick<vscode.OutputChannel, 'append' | 'replace'>,
    private readonly whole: Whole,
  ) {}

  append(text: string): void {
    this.pending += text;
    if (this.timer === undefined) {
      const pause = this.canReplace ? Math.max(leastPauseMs, this.whole.length / replacedPerMs) : appendPauseMs;
      const wait = Math.max(0, this.lastWrite + pause - Date.now());
      this.timer = setTimeout(() => { this.flush(); }, wait);
    }
  }

  /** Show the whole text anew: it has lost its beginning. */
  rewrite(): void {
    this.stop();
    this.replace(this.whole.text());
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = '';
  }

  private get canReplace(): boolean {
    return this.whole.length <= largestReplaced && this.replaced < roomForReplacing;
  }

  private flush(): void {
    const { pending } = this;
    this.stop();
    if (this.canReplace) {
      this.replace(this.whole.text());
    } else {
      this.channel.append(pending);
    }
    this.lastWrite = Date.now();
  }

  private replace(text: string): void {
    this.replaced += text.length;
    this.channel.replace(text);
    this.lastWrite = Date.now();
  }
}
