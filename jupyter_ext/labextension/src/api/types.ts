// Made from mooring_jupyter/shapes.py by `poe panel-types`; a test holds the two together.

/** Which Mooring answers, and the workspaces there are. */
export interface IAbout {
  version: string;
  workspace: string;
  workspaces: Array<string>;
  root: string;
}

/** One line of a comparison; values as text, empty when there is none. */
export interface IComparedField {
  field: string;
  first: string;
  second: string;
  same: boolean;
}

/** Two versions side by side. */
export interface IComparison {
  first: string;
  second: string;
  fields: Array<IComparedField>;
}

/** Where services can run, and what a deployment there can be told. */
export interface ICompute {
  targets: Array<ITarget>;
}

/** Programs that ask a service, one a language. */
export interface IConsume {
  snippets: Array<ISnippet>;
}

/** Where the demo's files go, below the file browser's top. */
export interface IDemoRequest {
  directory?: string;
  name?: string;
}

/** What a deployment or update is to run, and where. Paths are below the file browser's top. `settings` are attributes of the deployment configuration of that compute type, on top of its file. */
export interface IDeployment {
  models?: Array<string>;
  inferenceConfig?: string;
  entryScript?: string;
  sourceDirectory?: string;
  condaFile?: string;
  environment?: string;
  deploymentConfig?: string;
  computeType?: string;
  settings?: Record<string, unknown>;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  description?: string;
}

/** A registered environment. */
export interface IEnvironment {
  name: string;
  version: string | null;
  pythonVersion: string | null;
  packages: Array<string>;
  variables: Array<string>;
  image: string | null;
}

/** Environments, by name. */
export interface IEnvironments {
  environments: Array<IEnvironment>;
}

/** The line of a file a failure is about. */
export interface IExcerpt {
  path: string;
  line: number;
  text: string;
}

/** A verdict: what failed, what shows it, what to do, and what serves in spite of it. */
export interface IFailure {
  code: string;
  cause: string;
  message: string;
  evidence: Array<string>;
  remedy: string;
  excerpt: IExcerpt | null;
  kept: string;
}

/** What a file is, the models registered from one of its name, and what a deployment would take. */
export interface IFileFacts {
  path: string;
  kind: "model" | "script" | "inference-config" | "deployment-config" | "environment" | "notebook" | "folder" | "other";
  suggestedName: string;
  framework: string | null;
  registered: Array<string>;
  proposal: IProposal | null;
}

/** A path below the file browser's top. */
export interface IFilePath {
  path: string;
}

/** Something wrong or worth fixing in a file. Lines and columns count from 1. */
export interface IFinding {
  path: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  code: string;
  severity: "error" | "warning" | "information" | "hint";
  problem: string;
  remedy: string;
  fixable: boolean;
}

/** What is wrong with a file. */
export interface IFindings {
  findings: Array<IFinding>;
}

/** One column of a table. */
export interface IFormColumn {
  name: string;
  kind: string;
}

/** One field of a request's form; of kind `rows` it is a table. An empty name means the whole body. */
export interface IFormField {
  name: string;
  kind: "number" | "integer" | "text" | "boolean" | "rows" | "json";
  example: unknown;
  columns: Array<IFormColumn>;
  rows_are_objects: boolean;
  is_flat: boolean;
}

/** Values by field name; rows as lists of cells. A field left out has its example. */
export interface IFormValues {
  values: Record<string, unknown>;
}

/** Long work: what it does, how far it is, and how it ended. `share` is between 0 and 1, or null when nobody knows; `result` names what was made, for instance `diabetes:3`. */
export interface IJob {
  id: string;
  kind: string;
  subject: string;
  title: string;
  status: "running" | "done" | "failed" | "cancelled";
  user: string;
  startedTime: string;
  endedTime: string | null;
  phase: string;
  text: string;
  share: number | null;
  result: string | null;
  error: IProblem | null;
  events: Array<IJobEvent>;
}

/** A step that is done. */
export interface IJobEvent {
  time: string;
  phase: string;
  text: string;
}

/** Long work of the last day, newest first. */
export interface IJobs {
  jobs: Array<IJob>;
}

/** Both keys of a service; either one opens it. */
export interface IKeys {
  primaryKey: string;
  secondaryKey: string;
}

/** Lines, oldest first, and the cursor to go on from. */
export interface ILog {
  lines: Array<ILogLine>;
  cursor: string;
}

/** One line a service wrote, or (with a `phase`) one of its history. */
export interface ILogLine {
  time: string | null;
  text: string;
  stream?: string;
  source?: string;
  phase?: string;
  kind?: string;
  failure?: IFailure;
}

/** One version of a model. */
export interface IModel {
  id: string;
  name: string;
  version: number;
  framework: string | null;
  frameworkVersion: string | null;
  description: string | null;
  tags: Record<string, string>;
  properties: Record<string, string>;
  createdTime: string;
  createdBy: string;
  runId: string | null;
  experimentName: string | null;
  sampleInput: unknown;
  sampleOutput: unknown;
  resourceConfiguration: IResources | null;
  entry: string;
  unpack: boolean;
  digest: string;
  sizeBytes: number;
  pythonVersion: string;
}

/** What to change of a version; the rest stays. `tags` replaces them all. */
export interface IModelChange {
  tags?: Record<string, string>;
  description?: string | null;
}

/** One version with its files, its packages, and the services that use it. */
export interface IModelDetails {
  id: string;
  name: string;
  version: number;
  framework: string | null;
  frameworkVersion: string | null;
  description: string | null;
  tags: Record<string, string>;
  properties: Record<string, string>;
  createdTime: string;
  createdBy: string;
  runId: string | null;
  experimentName: string | null;
  sampleInput: unknown;
  sampleOutput: unknown;
  resourceConfiguration: IResources | null;
  entry: string;
  unpack: boolean;
  digest: string;
  sizeBytes: number;
  pythonVersion: string;
  files: Array<IModelFile>;
  packages: Record<string, string>;
  usedBy: Array<string>;
}

/** One file of a model. */
export interface IModelFile {
  path: string;
  digest: string;
  sizeBytes: number;
}

/** A page of models; `next` asks for the one after it. */
export interface IModels {
  models: Array<IModel>;
  next: string | null;
}

/** An environment to register from a conda or pip file below the file browser's top. */
export interface INewEnvironment {
  name: string;
  path: string;
}

/** What to register: a path below the file browser's top, or a finished upload. */
export interface INewModel {
  name: string;
  path?: string;
  upload?: string;
  framework?: string | null;
  frameworkVersion?: string | null;
  description?: string | null;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  sampleInput?: unknown;
}

/** A deployment under a name; `overwrite` replaces a service that has it. */
export interface INewService {
  models?: Array<string>;
  inferenceConfig?: string;
  entryScript?: string;
  sourceDirectory?: string;
  condaFile?: string;
  environment?: string;
  deploymentConfig?: string;
  computeType?: string;
  settings?: Record<string, unknown>;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  description?: string;
  name: string;
  overwrite?: boolean;
}

/** A file about to be sent in pieces. */
export interface INewUpload {
  name: string;
  sizeBytes: number;
}

/** What a deployment or an update would do; `line` says all of it. */
export interface IPlan {
  service: string;
  target: string;
  why: string;
  reason: string;
  revision: number;
  modelIds: Array<string>;
  changes: Array<string>;
  environment: string;
  environmentFate: string;
  python: string;
  packages: number;
  keeps: Array<string>;
  findings: Array<IFinding>;
  line: string;
}

/** Why something could not be done. `message` says both sentences, for readers of Jupyter's errors. */
export interface IProblem {
  code: string;
  problem: string;
  remedy: string;
  message: string;
  failure?: IFailure;
  findings?: Array<IFinding>;
}

/** What a deployment that begins with a file would take. `exists`: a service runs the script already. */
export interface IProposal {
  service: string;
  exists: boolean;
  models: Array<string>;
  entryScript: string | null;
  inferenceConfig: string | null;
  deploymentConfig: string | null;
  condaFile: string | null;
  computeType: string;
}

/** The body that the values mean. */
export interface IRequestBody {
  body: unknown;
}

/** A good request, where it is known from, its JSON Schema, and the fields of a form that makes one. */
export interface IRequestForm {
  service: string;
  sample: unknown;
  source: "model" | "schema" | "none";
  schema: Record<string, unknown>;
  fields: Array<IFormField>;
}

/** Counts and times since the start, from the service's own metrics. */
export interface IRequests {
  count: number;
  failed: number;
  p50AtMostSeconds: number | null;
  p99AtMostSeconds: number | null;
}

/** What a copy of a model needs. */
export interface IResources {
  cpu: number | null;
  memoryInGB: number | null;
  gpu: number | null;
}

/** What was asked for at one time. */
export interface IRevision {
  number: number;
  status: string;
  reason: string;
  createdTime: string;
  createdBy: string;
  models: Array<string>;
  failure: IFailure | null;
}

/** What the service answered, and how long that took. */
export interface IScoringAnswer {
  status: number;
  answer: unknown;
  seconds: number;
}

/** A request body: text is sent as it is, anything else as JSON. */
export interface IScoringRequest {
  data: unknown;
}

/** What runs, or should run, behind one URL. Holds no key. `editedSince`: the script on disk is not what runs. */
export interface IService {
  name: string;
  description: string;
  tags: Record<string, string>;
  properties: Record<string, string>;
  state: "Transitioning" | "Healthy" | "Unhealthy" | "Unschedulable" | "Failed";
  createdTime: string;
  updatedTime: string;
  createdBy: string;
  computeType: string;
  target: string;
  authEnabled: boolean;
  tokenAuthEnabled: boolean;
  scoringUri: string | null;
  swaggerUri: string | null;
  port: number | null;
  modelIds: Array<string>;
  environment: string | null;
  revision: number | null;
  error: IFailure | null;
  operation: IServiceOperation | null;
  phase: IServicePhase | null;
  script: string | null;
  editedSince: boolean;
}

/** A service with its numbers, its revisions, oldest first, and what was asked for. */
export interface IServiceDetails {
  name: string;
  description: string;
  tags: Record<string, string>;
  properties: Record<string, string>;
  state: "Transitioning" | "Healthy" | "Unhealthy" | "Unschedulable" | "Failed";
  createdTime: string;
  updatedTime: string;
  createdBy: string;
  computeType: string;
  target: string;
  authEnabled: boolean;
  tokenAuthEnabled: boolean;
  scoringUri: string | null;
  swaggerUri: string | null;
  port: number | null;
  modelIds: Array<string>;
  environment: string | null;
  revision: number | null;
  error: IFailure | null;
  operation: IServiceOperation | null;
  phase: IServicePhase | null;
  script: string | null;
  editedSince: boolean;
  numbers: IRequests | null;
  revisions: Array<IRevision>;
  inference: Record<string, unknown> | null;
  deployment: Record<string, unknown> | null;
}

/** What is being done to a service right now. */
export interface IServiceOperation {
  kind: string;
  revision: number;
  startedTime: string;
}

/** The last step of what is being done to a service. */
export interface IServicePhase {
  phase: string;
  text: string;
  time: string;
}

/** All services, by name. */
export interface IServices {
  services: Array<IService>;
}

/** One setting of a deployment configuration, as a form shows it. */
export interface ISetting {
  name: string;
  key: string;
  kind: string;
  doc: string;
  default: unknown;
  minimum: number | null;
  maximum: number | null;
  choices: Array<string>;
}

/** Settings of one compute type. */
export interface ISettings {
  computeType: string;
  settings: Array<ISetting>;
}

/** A program that asks the service; it reads the key from a variable and holds none. */
export interface ISnippet {
  language: string;
  title: string;
  fileName: string;
  text: string;
}

/** A place where services can run. `problem` says why it can't just now, `remedy` what to do. */
export interface ITarget {
  name: string;
  computeTypes: Array<string>;
  available: boolean;
  problem: string;
  remedy: string;
  services: number;
}

/** A token the service accepts for a while. */
export interface IToken {
  accessToken: string;
  tokenType: string;
  refreshAfter: string;
  expiryOn: string;
}

/** How much of a file has arrived: the next piece begins at `offset`. */
export interface IUpload {
  id: string;
  name: string;
  sizeBytes: number;
  offset: number;
}

/** The key to replace; a new signing key revokes every token. */
export interface IWhichKey {
  key: "primary" | "secondary" | "signing";
}
