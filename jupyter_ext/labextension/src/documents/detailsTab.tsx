import React, { useEffect, useState } from 'react';

import { at, problemOf } from '../api/request';
import { IProblem, IService, IServiceDetails } from '../api/types';
import { CopyButton, Facts, ProblemCard, Tags, When, baseName } from '../parts';
import { Store } from '../store';
import { tellSeconds } from '../telling';

const NUMBERS_EVERY_MS = 5000;

/** Address, numbers, settings, history. */
export function DetailsTab(props: {
  store: Store;
  service: IService;
  openSource: (path: string, line: number) => void;
}): JSX.Element {
  const { store, service } = props;
  const [details, setDetails] = useState<IServiceDetails | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  useEffect(() => {
    let isOver = false;
    const read = async () => {
      try {
        const found = await store.api.get<IServiceDetails>(at('services', service.name));
        if (!isOver) {
          setDetails(found);
          setProblem(null);
        }
      } catch (error) {
        if (!isOver) {
          setProblem(problemOf(error));
        }
      }
    };
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), NUMBERS_EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [store, service.name, service.updatedTime, service.state]);
  const auth = service.tokenAuthEnabled ? 'token' : service.authEnabled ? 'key' : 'off: anybody who reaches it';
  return (
    <div className="mooring-Columns">
      <section>
        <h2>Endpoint</h2>
        <Facts
          facts={{
            'REST endpoint': service.scoringUri && (
              <>
                <code>{service.scoringUri}</code>{' '}
                <CopyButton text={service.scoringUri} label="Copy the REST endpoint" />
              </>
            ),
            Swagger: service.swaggerUri && <code>{service.swaggerUri}</code>,
            Requests: details?.numbers && <Numbers details={details} />,
            Models: service.modelIds.join(', '),
            Environment: service.environment,
            Script: service.script && (
              <button className="mooring-Link" onClick={() => props.openSource(service.script!, 1)}>
                {baseName(service.script)}
              </button>
            ),
            'Runs in': placeOf(service),
            Authentication: auth,
            Description: service.description,
            Tags: Object.keys(service.tags).length ? <Tags tags={service.tags} /> : null,
            Properties: Object.keys(service.properties).length ? <Tags tags={service.properties} /> : null,
            Created: <When time={service.createdTime} />,
            'Created by': service.createdBy,
            Updated: <When time={service.updatedTime} />
          }}
        />
        {problem && <ProblemCard problem={problem} />}
      </section>
      {details && (
        <section>
          <h2>History</h2>
          <table className="mooring-Table">
            <thead>
              <tr>
                <th scope="col">Revision</th>
                <th scope="col">Why</th>
                <th scope="col">Models</th>
                <th scope="col">How</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {[...details.revisions].reverse().map(each => (
                <tr key={each.number} title={each.failure?.cause}>
                  <td>{each.number}</td>
                  <td className="mooring-Whole">{each.reason}</td>
                  <td>{each.models.join(', ')}</td>
                  <td className="mooring-Whole">{each.status}</td>
                  <td>
                    <When time={each.createdTime} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Settings deployment={details.deployment} />
        </section>
      )}
    </div>
  );
}

/** The compute type in the words of configurations, and its place where that has another name. */
function placeOf({ computeType, target }: IService): string {
  const type = computeType.toLowerCase();
  return type === target ? type : `${type} (${target})`;
}

function Numbers({ details }: { details: IServiceDetails }): JSX.Element {
  const numbers = details.numbers!;
  const bound = (seconds: number | null) => (seconds === null ? '' : `≤ ${tellSeconds(seconds)}`);
  return (
    <>
      {numbers.count} since start, {numbers.failed} failed
      {numbers.p50AtMostSeconds !== null && `, p50 ${bound(numbers.p50AtMostSeconds)}`}
      {numbers.p99AtMostSeconds !== null && `, p99 ${bound(numbers.p99AtMostSeconds)}`}
    </>
  );
}

function Settings({ deployment }: { deployment: Record<string, unknown> | null }): JSX.Element | null {
  const set = Object.entries(deployment ?? {}).filter(([, value]) => value !== null);
  if (!set.length) {
    return null;
  }
  return (
    <>
      <h2>Deployment configuration</h2>
      <pre className="mooring-Code">{JSON.stringify(Object.fromEntries(set), null, 2)}</pre>
    </>
  );
}
