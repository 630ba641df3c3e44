/** Deep links: `…/lab?mooring=service/scorer/logs`, `model/diabetes`, `panel/compute`, `deploy/score.py`. */

import { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';

import { CommandIDs } from './commands';

const PATTERN = /[?&]mooring=/;

export function addLinks(app: JupyterFrontEnd, router: IRouter): void {
  app.commands.addCommand(CommandIDs.followLink, {
    label: 'Follow a Link to Mooring',
    describedBy: { args: { type: 'object' } },
    execute: async args => {
      const request = (args as unknown as IRouter.ILocation).search ?? '';
      const { mooring, ...others } = URLExt.queryStringToObject(request) as Record<string, string>;
      const rest = URLExt.objectToQueryString(others);
      // The address is followed once; a reload restores what is open anyway.
      router.navigate(router.current.path + (rest === '?' ? '' : rest) + router.current.hash, { skipRouting: true });
      await app.restored;
      const [kind, ...parts] = mooring.split('/').map(decodeURIComponent);
      await follow(app, kind, parts);
    }
  });
  router.register({ command: CommandIDs.followLink, pattern: PATTERN, rank: 100 });
}

async function follow(app: JupyterFrontEnd, kind: string, parts: string[]): Promise<void> {
  const execute = (id: string, args: Record<string, string>) => app.commands.execute(id, args);
  if (kind === 'service') {
    await execute(CommandIDs.openService, { name: parts[0], ...(parts[1] ? { tab: parts[1] } : {}) });
  } else if (kind === 'model') {
    await execute(CommandIDs.openModel, { name: parts[0] });
  } else if (kind === 'deploy') {
    await execute(CommandIDs.deploy, parts.length ? { path: parts.join('/') } : {});
  } else {
    await execute(CommandIDs.showPanel, parts[0] ? { tab: parts[0] } : {});
  }
}
