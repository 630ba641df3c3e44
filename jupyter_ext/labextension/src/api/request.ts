/** The one function that asks the server extension; failures come back in its own words. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { IProblem } from './types';

const PREFIX = 'mooring/api';

/** A refusal of the server extension: code, problem and remedy. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly facts: IProblem
  ) {
    super(facts.message);
  }
}

/** What a failure says, whatever threw it. */
export function problemOf(error: unknown): IProblem {
  if (error instanceof Refused) {
    return error.facts;
  }
  const problem =
    error instanceof ServerConnection.NetworkError
      ? 'The Jupyter server does not answer.'
      : String(error instanceof Error ? error.message : error);
  const remedy = error instanceof ServerConnection.NetworkError ? 'Look whether it still runs; the panel tries again.' : '';
  return { code: 'panel', problem, remedy, message: `${problem} ${remedy}`.trim() };
}

/** Asks the routes of one workspace. */
export class Api {
  constructor(
    readonly settings: ServerConnection.ISettings,
    public workspace: string = ''
  ) {}

  get<T>(path: string, query: Record<string, string | number | boolean> = {}): Promise<T> {
    return this.send<T>('GET', path, undefined, query);
  }

  post<T>(path: string, body: unknown = null): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PATCH', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>('DELETE', path);
  }

  /** Address of the event stream. */
  eventsUrl(): string {
    const url = URLExt.join(this.settings.wsUrl, PREFIX, 'events');
    const query: Record<string, string> = this.workspace ? { workspace: this.workspace } : {};
    if (this.settings.appendToken && this.settings.token) {
      query.token = this.settings.token;
    }
    return url + URLExt.objectToQueryString(query);
  }

  private async send<T>(
    method: string,
    path: string,
    body?: unknown,
    query: Record<string, string | number | boolean> = {}
  ): Promise<T> {
    const asked = this.workspace ? { ...query, workspace: this.workspace } : query;
    const parts = Object.entries(asked).map(([key, value]) => [key, String(value)]);
    const url =
      URLExt.join(this.settings.baseUrl, PREFIX, path) + (parts.length ? `?${new URLSearchParams(parts)}` : '');
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await ServerConnection.makeRequest(url, init, this.settings);
    const text = await response.text();
    if (!response.ok) {
      throw new Refused(response.status, factsOf(text, response));
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** A path of the interface with names filled in: `at('services', name, 'logs')`. */
export function at(...parts: (string | number)[]): string {
  return parts.map(part => encodeURIComponent(String(part))).join('/');
}

function factsOf(text: string, response: Response): IProblem {
  try {
    const facts = JSON.parse(text) as IProblem;
    if (facts.code) {
      return facts;
    }
  } catch {
    // not ours: told below
  }
  const problem =
    response.status === 404
      ? 'This Jupyter server has no Mooring extension.'
      : `The server answered ${response.status} ${response.statusText}.`;
  const remedy = response.status === 404 ? 'Install it with: pip install "mooring[jupyter]", and restart the server.' : '';
  return { code: 'http', problem, remedy, message: `${problem} ${remedy}`.trim() };
}
