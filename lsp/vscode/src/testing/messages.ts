/** What the Test view and the extension say to each other. */

import type { RunAnswer, Snippet } from '../protocol';

/** What the view shows of a service. */
export interface Shown {
  name: string;
  state: string;
  tone: 'good' | 'busy' | 'bad';
  facts: string;
  isKeyed: boolean;
}

export type ToView =
  | { kind: 'service'; service: Shown | null }
  | { kind: 'sample'; text: string; source: string | null }
  | { kind: 'snippets'; snippets: Snippet[] }
  | { kind: 'answer'; answer: RunAnswer }
  | { kind: 'trouble'; text: string };

export type FromView =
  | { kind: 'ready'; hasText: boolean }
  | { kind: 'send'; text: string }
  | { kind: 'sample' }
  | { kind: 'copy'; text: string; what: string }
  | { kind: 'copyKey' }
  | { kind: 'logs' };

/** What the view remembers while it is hidden, and through a reload of the window. */
export interface Remembered {
  workspace: string;
  service: string;
  text?: string;
  source?: string | null;
  answer?: RunAnswer;
  language?: string;
}
