/** The output channel of one service. */

import * as vscode from 'vscode';

import type { ItemLink, LogItem } from '../protocol';
import { ChannelWriter, type Whole } from './channel-writer';
import { linesOf, type Line } from './lines';

export const logLanguage = 'mooring-log';

export class ServiceLog implements vscode.Disposable {
  private readonly channel: vscode.OutputChannel;
  private readonly writer: ChannelWriter;
  private kept: Line[] = [];
  private keptLength = 0;
  private links = new Map<string, ItemLink[]>();

  /** Of the last item shown. */
  cursor: string | undefined;
  /** Undefined while nobody sends lines. */
  subscription: string | undefined;
  /** The service is gone. */
  hasEnded = false;

  constructor(
    readonly workspace: string,
    readonly service: string,
    private readonly mostLines: number,
  ) {
    this.channel = vscode.window.createOutputChannel(`Mooring: ${service}`, logLanguage);
    this.writer = new ChannelWriter(this.channel, this.whole());
  }

  append(items: readonly LogItem[]): void {
    const last = items.at(-1);
    if (last === undefined) {
      return;
    }
    this.cursor = last.cursor;
    this.write(items.flatMap(linesOf));
  }

  /** A line of our own. */
  note(text: string): void {
    this.write([{ text: `── ${text}`, links: [] }]);
  }

  linksOf(text: string): readonly ItemLink[] {
    return this.links.get(text) ?? [];
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.writer.stop();
    this.channel.dispose();
  }

  private whole(): Whole {
    const length = (): number => this.keptLength;
    return {
      get length() {
        return length();
      },
      text: () => textOf(this.kept),
    };
  }

  private write(lines: Line[]): void {
    const text = textOf(lines);
    this.kept.push(...lines);
    this.keptLength += text.length;
    for (const line of lines) {
      if (line.links.length > 0) {
        this.links.set(line.text, line.links);
      }
    }
    if (this.kept.length > 2 * this.mostLines) {
      this.trim();
    } else {
      this.writer.append(text);
    }
  }

  private trim(): void {
    this.kept = this.kept.slice(-this.mostLines);
    this.keptLength = textOf(this.kept).length;
    this.links = new Map(this.kept.filter(line => line.links.length > 0).map(line => [line.text, line.links]));
    this.writer.rewrite();
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map(line => `${line.text}\n`).join('');
}
