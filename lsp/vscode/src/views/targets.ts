/** Where services can run on this machine. */

import * as vscode from 'vscode';

import type { Target } from '../protocol';
import type { Store } from '../store';
import { StoreTree } from './store-tree';

export class TargetsTree extends StoreTree<Target> {
  constructor(store: Store) {
    super('mooring.targets', store);
  }

  override getTreeItem(target: Target): vscode.TreeItem {
    const item = new vscode.TreeItem(target.name);
    if (target.problem === undefined) {
      item.description = target.title ?? '';
      item.iconPath = new vscode.ThemeIcon('server-environment');
      item.tooltip = `computeType: ${(target.computeTypes ?? []).join(', ')}`;
    } else {
      item.description = 'not available';
      item.iconPath = new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground'));
      item.tooltip = `${target.problem}\n${target.remedy ?? ''}`.trim();
    }
    return item;
  }

  override getChildren(node?: Target): Target[] {
    const [first] = this.store.overviews;
    return node === undefined ? (first?.targets ?? []) : [];
  }
}
