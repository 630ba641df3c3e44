import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { IFinding } from '../api/types';
import { CommandIDs } from '../commands';
import { mooringIcon } from '../icons';
import { FindingList, baseName } from '../parts';

/** What is wrong with a file. */
export class FindingsDocument extends ReactWidget {
  constructor(
    private readonly commands: CommandRegistry,
    private readonly path: string,
    private readonly findings: IFinding[]
  ) {
    super();
    this.id = `mooring-findings-${path}`;
    this.title.label = `${baseName(path)}: ${findings.length} finding${findings.length === 1 ? '' : 's'}`;
    this.title.icon = mooringIcon;
    this.title.closable = true;
    this.addClass('mooring-Document');
  }

  protected render(): JSX.Element {
    return (
      <>
        <header className="mooring-Document-head">
          <h1>Findings in {this.path}</h1>
        </header>
        <div className="mooring-Document-body">
          <FindingList
            findings={this.findings}
            onOpen={excerpt => void this.commands.execute(CommandIDs.openSource, { ...excerpt })}
          />
        </div>
      </>
    );
  }
}
