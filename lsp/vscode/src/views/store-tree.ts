/** A tree that shows a part of the store, and does so anew whenever that changes. */

import * as vscode from 'vscode';

import type { Store } from '../store';

export abstract class StoreTree<Node> implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    id: string,
    protected readonly store: Store,
  ) {
    this.view = vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: false });
    this.subscriptions = [
      this.changed,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          store.refresh();
        }
      }),
      store.onDidChange(() => {
        this.changed.fire(undefined);
        this.view.badge = this.badge();
      }),
    ];
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  abstract getChildren(node?: Node): vscode.ProviderResult<Node[]>;

  /** What the view's icon tells; nothing unless there is something to do. */
  protected badge(): vscode.ViewBadge | undefined {
    return undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}
