/** Deploy or update, in the main area: what runs, where, and what would happen, before it does. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import React, { useEffect, useRef, useState } from 'react';

import { at, problemOf } from '../api/request';
import { IExcerpt, IJob, IPlan, IProblem } from '../api/types';
import { CommandIDs } from '../commands';
import { mooringIcon } from '../icons';
import { FindingList, JobCard, ProblemCard, useStore } from '../parts';
import { Store } from '../store';
import { DeploymentFields } from './deploymentFields';
import { IAsked, bodyOf, isComplete } from './asked';
import { PickPath } from './pathField';

const PLAN_PAUSE_MS = 500;

export class DeployDocument extends ReactWidget {
  constructor(
    private readonly store: Store,
    private readonly commands: CommandRegistry,
    private readonly pick: PickPath,
    private readonly asked: IAsked
  ) {
    super();
    this.id = `mooring-deploy-${++DeployDocument.count}`;
    this.title.label = asked.isUpdate ? `Update ${asked.name}` : 'Deploy a model';
    this.title.icon = mooringIcon;
    this.title.closable = true;
    this.addClass('mooring-Document');
  }

  protected render(): JSX.Element {
    return (
      <DeployView
        store={this.store}
        commands={this.commands}
        pick={this.pick}
        first={this.asked}
        onDone={name => {
          void this.commands.execute(CommandIDs.openService, { name, tab: 'test' });
          this.dispose();
        }}
      />
    );
  }

  private static count = 0;
}

function DeployView(props: {
  store: Store;
  commands: CommandRegistry;
  pick: PickPath;
  first: IAsked;
  onDone: (name: string) => void;
}): JSX.Element {
  const { store, commands } = props;
  useStore(store, 'services', 'jobs');
  const [asked, setAsked] = useState(props.first);
  const [jobId, setJobId] = useState('');
  const [problem, setProblem] = useState<IProblem | null>(null);
  const isTaken = !asked.isUpdate && store.service(asked.name) !== undefined;
  const job = store.jobs.find(each => each.id === jobId);
  const isBusy = job?.status === 'running';
  const open = (excerpt: IExcerpt) => void commands.execute(CommandIDs.openSource, { ...excerpt });
  const go = async () => {
    setProblem(null);
    try {
      const begun = await begin(store, asked);
      setJobId(begun.id);
      const ended = await store.ended(store.take(begun));
      if (ended.status === 'done') {
        props.onDone(asked.name);
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <>
      <header className="mooring-Document-head">
        <div>
          <h1>{asked.isUpdate ? `Update ${asked.name}` : 'Deploy a model'}</h1>
          <p className="mooring-Quiet">
            {asked.isUpdate
              ? 'URL and keys stay, and no request fails: the new version starts beside the old one.'
              : 'Everything that can be checked is checked first.'}
          </p>
        </div>
      </header>
      <div className="mooring-Document-body mooring-Columns">
        <form
          className="mooring-Form"
          aria-label="Deployment"
          onSubmit={event => {
            event.preventDefault();
            void go();
          }}
        >
          <DeploymentFields store={store} pick={props.pick} asked={asked} onChange={setAsked} isTaken={isTaken} />
          <button
            type="submit"
            className="mooring-Button mooring-mod-primary"
            disabled={isBusy || !isComplete(asked) || (isTaken && !asked.overwrite)}
          >
            {asked.isUpdate ? 'Update' : 'Deploy'}
          </button>
        </form>
        <section aria-live="polite">
          {problem && <ProblemCard problem={problem} onOpen={open} />}
          {job && <JobCard job={job} onCancel={() => void store.cancel(job)} onOpen={open} />}
          {!isBusy && <PlanView store={store} asked={asked} onOpen={open} />}
        </section>
      </div>
    </>
  );
}

function begin(store: Store, asked: IAsked): Promise<IJob> {
  if (asked.isUpdate) {
    return store.api.patch<IJob>(at('services', asked.name), bodyOf(asked));
  }
  return store.api.post<IJob>('services', { name: asked.name, overwrite: asked.overwrite, ...bodyOf(asked) });
}

/** What would happen, asked again a moment after each change. */
function PlanView(props: {
  store: Store;
  asked: IAsked;
  onOpen: (excerpt: IExcerpt) => void;
}): JSX.Element | null {
  const { store, asked } = props;
  const [plan, setPlan] = useState<IPlan | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  const [isAsking, setAsking] = useState(false);
  const turn = useRef(0);
  const body = JSON.stringify(bodyOf(asked));
  useEffect(() => {
    const mine = ++turn.current;
    if (!isComplete(asked)) {
      setPlan(null);
      setProblem(null);
      return;
    }
    const timer = setTimeout(async () => {
      setAsking(true);
      let found: IPlan | null = null;
      let refused: IProblem | null = null;
      try {
        found = await store.api.post<IPlan>(at('services', asked.name, 'plan'), JSON.parse(body));
      } catch (error) {
        refused = problemOf(error);
      }
      if (mine === turn.current) {
        setPlan(found);
        setProblem(refused);
        setAsking(false);
      }
    }, PLAN_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [store, asked.name, body]);
  return (
    <div className="mooring-Plan">
      <h2>Plan</h2>
      {!isComplete(asked) && (
        <p className="mooring-Quiet">What would happen appears here once a name and a script are chosen.</p>
      )}
      {isAsking && <p className="mooring-Quiet">Looking…</p>}
      {problem && <ProblemCard problem={problem} onOpen={props.onOpen} />}
      {plan && (
        <>
          <p>{plan.line}</p>
          {plan.keeps.length > 0 && <p className="mooring-Quiet">Stays: {plan.keeps.join(', ')}</p>}
          {plan.findings.length > 0 && <FindingList findings={plan.findings} onOpen={props.onOpen} />}
        </>
      )}
    </div>
  );
}
