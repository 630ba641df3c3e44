/** The registered environments. */

import * as vscode from 'vscode';

import type { EnvironmentVersion } from '../protocol';
import type { Store } from '../store';
import { StoreTree } from './store-tree';

export class EnvironmentsTree extends StoreTree<EnvironmentVersion> {
  constructor(store: Store) {
    super('mooring.environments', store);
  }

  override getTreeItem({ name, version }: EnvironmentVersion): vscode.TreeItem {
    const item = new vscode.TreeItem(name);
    item.description = `version ${version}`;
    item.iconPath = new vscode.ThemeIcon('layers');
    item.contextValue = 'environment';
    return item;
  }

  override getChildren(node?: EnvironmentVersion): EnvironmentVersion[] {
    return node === undefined ? this.store.overviews.flatMap(each => each.environments) : [];
  }
}
