/** What the panel knows: read from the server, kept fresh by the event stream, shown by everything. */

import { ISignal, Signal } from '@lumino/signaling';

import { EventStream, IMessage } from './api/events';
import { Api, at, problemOf } from './api/request';
import {
  IAbout,
  ICompute,
  IEnvironment,
  IEnvironments,
  IJob,
  IModel,
  IModels,
  IProblem,
  IService,
  ITarget
} from './api/types';

export type Part = 'models' | 'environments' | 'services' | 'compute' | 'jobs' | 'about';

interface IChange {
  kinds: Part[];
  services: IService[];
}

/** A list that may not be there yet, or that could not be read. */
export interface IKnown<T> {
  items: T[];
  isLoaded: boolean;
  problem: IProblem | null;
}

export class Store {
  constructor(readonly api: Api) {
    this.events = new EventStream(api);
  }

  readonly events: EventStream;
  models: IKnown<IModel> = nothing();
  environments: IKnown<IEnvironment> = nothing();
  services: IKnown<IService> = nothing();
  compute: IKnown<ITarget> = nothing();
  jobs: IJob[] = [];
  about: IAbout | null = null;
  modelSearch = '';

  /** Emitted with the part that is not as it was. */
  get changed(): ISignal<this, Part> {
    return this._changed;
  }

  /** Emitted with each job that wrote something, and whether it is news (not what a new page is told first). */
  get jobTold(): ISignal<this, IJob> {
    return this._jobTold;
  }

  /** Begin to listen; the first message says how services are, and what to read. */
  start(jobsCursor: string): void {
    if (this.isStarted) {
      return;
    }
    this.isStarted = true;
    this.events.subscribe<IChange>('changes', message => this.hearChange(message));
    this.events.subscribe<IJob>('jobs', message => this.hearJobs(message), jobsCursor);
    void this.read('about');
  }

  /** Another workspace: forget everything and read anew. */
  changeWorkspace(name: string): void {
    if (this.api.workspace === name) {
      return;
    }
    this.api.workspace = name;
    this.models = nothing();
    this.environments = nothing();
    this.services = nothing();
    this.jobs = [];
    if (this.isStarted) {
      this.events.restart();
      void this.read('about');
    }
    (['models', 'environments', 'services', 'jobs'] as Part[]).forEach(part => this._changed.emit(part));
  }

  /** Read a part from the server. */
  async read(part: Part): Promise<void> {
    this.asked.add(part);
    try {
      await this.readers[part]();
    } catch (error) {
      const known = part === 'about' || part === 'jobs' ? null : this[part];
      if (known) {
        known.problem = problemOf(error);
        known.isLoaded = true;
      }
    }
    this._changed.emit(part);
  }

  /** Look for models; the rule of what matches is the server's. */
  searchModels(text: string): Promise<void> {
    this.modelSearch = text;
    return this.read('models');
  }

  /** A service as last heard of. */
  service(name: string): IService | undefined {
    return this.services.items.find(service => service.name === name);
  }

  /** Take a job that the server answered with, before the stream tells of it. */
  take(job: IJob): IJob {
    this.hearJobs({ topic: 'jobs', cursor: '', items: [job] });
    return job;
  }

  cancel(job: IJob): Promise<IJob> {
    return this.api.delete<IJob>(at('jobs', job.id)).then(told => this.take(told));
  }

  /** The job once it has ended. */
  ended(job: IJob): Promise<IJob> {
    return new Promise(resolve => {
      const look = () => {
        const found = this.jobs.find(each => each.id === job.id) ?? job;
        if (found.status !== 'running') {
          this._changed.disconnect(look);
          resolve(found);
        }
      };
      this._changed.connect(look);
      look();
    });
  }

  private hearChange(message: IMessage<IChange>): void {
    if (message.error) {
      this.services = { items: [], isLoaded: true, problem: message.error };
      this._changed.emit('services');
      return;
    }
    for (const change of message.items) {
      this.services = { items: change.services, isLoaded: true, problem: null };
      this._changed.emit('services');
      change.kinds.filter(kind => kind !== 'services').forEach(kind => this.changes(kind));
    }
  }

  /** Read again what somebody has looked at; a long list that nobody sees is left alone. */
  private changes(part: Part): void {
    if (this.asked.has(part)) {
      void this.read(part);
    } else if (part === 'models') {
      this.models = { ...this.models }; // documents of single models go by it
      this._changed.emit(part);
    }
  }

  private hearJobs(message: IMessage<IJob>): void {
    const byId = new Map(this.jobs.map(job => [job.id, job]));
    message.items?.forEach(job => byId.set(job.id, job));
    this.jobs = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    this._changed.emit('jobs');
    message.items?.forEach(job => this._jobTold.emit(job));
  }

  private readonly readers: Record<Part, () => Promise<void>> = {
    models: async () => {
      const search = this.modelSearch;
      const query: Record<string, string | boolean> = search ? { latest: true, search } : { latest: true };
      const found = await this.api.get<IModels>('models', query);
      if (search === this.modelSearch) {
        this.models = { items: found.models, isLoaded: true, problem: null };
      }
    },
    environments: async () => {
      const found = await this.api.get<IEnvironments>('environments');
      this.environments = { items: found.environments, isLoaded: true, problem: null };
    },
    services: async () => {
      const found = await this.api.get<{ services: IService[] }>('services');
      this.services = { items: found.services, isLoaded: true, problem: null };
    },
    compute: async () => {
      const found = await this.api.get<ICompute>('compute');
      this.compute = { items: found.targets, isLoaded: true, problem: null };
    },
    jobs: async () => {
      const found = await this.api.get<{ jobs: IJob[] }>('jobs');
      this.jobs = found.jobs;
    },
    about: async () => {
      this.about = await this.api.get<IAbout>('about');
    }
  };

  private isStarted = false;
  private asked = new Set<Part>();
  private _changed = new Signal<this, Part>(this);
  private _jobTold = new Signal<this, IJob>(this);
}

function nothing<T>(): IKnown<T> {
  return { items: [], isLoaded: false, problem: null };
}
