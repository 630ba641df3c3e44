/** What the language server says beyond the common protocol; docs/language-server.md describes it. */

export interface Scope {
  uri?: string;
  workspace?: string;
}

export interface Verdict {
  code: string;
  cause: string;
  evidence: string[];
  remedy: string;
  excerpt: { path: string; line: number; text: string } | null;
  kept: string;
}

export type State = 'Transitioning' | 'Healthy' | 'Unhealthy' | 'Unschedulable' | 'Failed';

export interface Service {
  name: string;
  state: State;
  scoringUri: string | null;
  swaggerUri: string | null;
  computeType: string;
  target: string;
  modelIds: string[];
  environment: string | null;
  revision: number | null;
  createdTime: string;
  updatedTime: string;
  authEnabled: boolean;
  tokenAuthEnabled: boolean;
  description: string;
  tags: Record<string, string>;
  error: Verdict | null;
  operation: { kind: string; revision: number; startedTime: string } | null;
  phase: { phase: string; text: string; time: string } | null;
  scriptUri: string | null;
  editedSince: boolean;
}

export interface Numbers {
  count: number;
  failed: number;
  p50AtMostSeconds: number | null;
  p99AtMostSeconds: number | null;
}

export interface ServiceDetails extends Service {
  numbers: Numbers | null;
}

export interface Model {
  id: string;
  name: string;
  version: number;
  framework: string | null;
  frameworkVersion: string | null;
  description: string | null;
  tags: Record<string, string>;
  createdTime: string;
  sizeBytes: number;
}

export interface ModelName {
  name: string;
  latest: Model;
  versions: number;
}

export interface EnvironmentVersion {
  name: string;
  version: string;
  createdTime?: string;
}

export interface Target {
  name: string;
  computeTypes?: string[];
  title?: string;
  problem?: string;
  remedy?: string;
}

export interface Overview {
  workspace: { name: string; uri: string; isMade: boolean };
  workspaces: string[];
  models: ModelName[];
  environments: EnvironmentVersion[];
  targets: Target[];
  services: Service[];
}

export interface Proposal {
  service: string;
  exists: boolean;
  models: string[];
  script: string;
  inferenceConfig?: string | null;
  deploymentConfig?: string | null;
  computeType: string;
  choices: { computeType: string; title: string }[];
}

export interface RunAnswer {
  status: number;
  seconds: number;
  headers: Record<string, string>;
  answer: unknown;
  text: string;
}

export interface Sample {
  sample: unknown;
  source: string | null;
}

export interface Snippet {
  language: string;
  title: string;
  text: string;
}

export interface Failure {
  code: string;
  problem: string;
  remedy: string;
  findings: unknown[];
  failure: Verdict | null;
}

/** What every command answers. */
export interface Outcome {
  ok: boolean;
  cancelled?: boolean;
  error?: Failure;
  service?: Service | string;
  model?: Model;
  uri?: string;
}

export interface ItemLink {
  start: number;
  end: number;
  uri: string;
  line: number;
}

export interface LogLine {
  kind: 'line';
  time: string | null;
  text: string;
  stream: 'stdout' | 'stderr' | 'system';
  source: string;
  cursor: string;
  links?: ItemLink[];
}

export interface LogEvent {
  kind: 'event';
  time: string;
  text: string;
  phase: string;
  event: 'phase' | 'finding' | 'note' | 'failure';
  data: { failure?: Verdict } & Record<string, unknown>;
  cursor: string;
}

export type LogItem = LogLine | LogEvent;

export interface LogBatch {
  subscription: string;
  service: string;
  batch: number;
  items: LogItem[];
  cursor: string;
  ended?: boolean;
}

/** Requests by method: what goes there, what comes back. */
export interface Requests {
  'mooring/overview': [Scope, Overview];
  'mooring/versions': [Scope & { name: string; limit?: number; before?: number }, { versions: Model[]; more: boolean }];
  'mooring/service': [Scope & { service: string }, ServiceDetails];
  'mooring/proposal': [Scope, Proposal];
  'mooring/run': [Scope & { service: string; text: string }, RunAnswer];
  'mooring/sample': [Scope & { service: string }, Sample];
  'mooring/consume': [Scope & { service: string }, { snippets: Snippet[] }];
  'mooring/keys': [Scope & { service: string }, { primary: string; secondary: string }];
  'mooring/logs/subscribe': [
    Scope & { service: string; cursor?: string; last?: number },
    { subscription: string; cursor: string },
  ];
  'mooring/logs/unsubscribe': [{ subscription: string }, null];
}
