/** The event stream: one WebSocket for all topics, which comes back by itself and goes on where it was. */

import { IDisposable, DisposableDelegate } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { Api } from './request';
import { IProblem } from './types';

const SHORTEST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;

/** What the server says about a topic. */
export interface IMessage<T> {
  topic: string | null;
  cursor: string;
  items: T[];
  end?: boolean;
  error?: IProblem;
}

interface ISubscription {
  cursor: string;
  listeners: Set<(message: IMessage<unknown>) => void>;
}

export class EventStream implements IDisposable {
  constructor(private readonly api: Api) {}

  /** Whether the connection is there. */
  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Emitted when the connection comes or goes. */
  get connectionChanged(): ISignal<this, boolean> {
    return this._connectionChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Hear about a topic until the result is disposed; several may listen to one topic. */
  subscribe<T>(topic: string, listener: (message: IMessage<T>) => void, cursor = ''): IDisposable {
    const heard = listener as (message: IMessage<unknown>) => void;
    let found = this.topics.get(topic);
    if (!found) {
      found = { cursor, listeners: new Set() };
      this.topics.set(topic, found);
      this.ask(topic, found.cursor);
    }
    found.listeners.add(heard);
    this.connect();
    return new DisposableDelegate(() => this.drop(topic, heard));
  }

  dispose(): void {
    this._isDisposed = true;
    this.topics.clear();
    clearTimeout(this.timer);
    this.socket?.close();
    Signal.clearData(this);
  }

  /** Begin anew, for instance in another workspace. */
  restart(): void {
    for (const each of this.topics.values()) {
      each.cursor = '';
    }
    this.socket?.close();
  }

  private connect(): void {
    if (this.socket || this._isDisposed || this.timer !== undefined) {
      return;
    }
    const socket = new this.api.settings.WebSocket(this.api.eventsUrl());
    this.socket = socket;
    socket.onopen = () => {
      this.pauseMs = SHORTEST_PAUSE_MS;
      this.topics.forEach((each, topic) => this.ask(topic, each.cursor));
      this._connectionChanged.emit(true);
    };
    socket.onmessage = event => this.hear(JSON.parse(String(event.data)) as IMessage<unknown>);
    socket.onclose = () => this.comeBack();
  }

  private comeBack(): void {
    this.socket = undefined;
    if (this._isDisposed) {
      return;
    }
    this._connectionChanged.emit(false);
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.connect();
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private hear(message: IMessage<unknown>): void {
    const found = message.topic ? this.topics.get(message.topic) : undefined;
    if (!found) {
      return;
    }
    found.cursor = message.cursor ?? found.cursor;
    found.listeners.forEach(listener => listener(message));
  }

  private ask(topic: string, cursor: string): void {
    if (this.isConnected) {
      this.socket!.send(JSON.stringify({ subscribe: topic, cursor }));
    }
  }

  private drop(topic: string, listener: (message: IMessage<unknown>) => void): void {
    const found = this.topics.get(topic);
    found?.listeners.delete(listener);
    if (found && !found.listeners.size) {
      this.topics.delete(topic);
      if (this.isConnected) {
        this.socket!.send(JSON.stringify({ unsubscribe: topic }));
      }
    }
  }

  private topics = new Map<string, ISubscription>();
  private socket: WebSocket | undefined;
  private timer: number | undefined;
  private pauseMs = SHORTEST_PAUSE_MS;
  private _isDisposed = false;
  private _connectionChanged = new Signal<this, boolean>(this);
}
