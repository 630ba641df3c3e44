/** Shows widgets with the manager of VS Code's Jupyter extension, `@vscode/jupyter-ipywidgets8`, as it is published. */

import { ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default';

export async function activate(context) {
  const asking = new Map();
  let heard = 0;
  const { manager, hear } = await connect((frame) => context.postMessage({ send: frame }));

  context.onDidReceiveMessage(({ frames = [], first, asked, isKnown }) => {
    // What came before this page was ready is sent again, and may overtake what comes now.
    for (const frame of frames.slice(Math.max(heard - first, 0))) {
      if (first > heard) break;
      heard += 1;
      hear(frame);
    }
    asking.get(asked)?.(isKnown);
  });
  context.postMessage({ isReady: true });

  const isKnown = (model) =>
    new Promise((resolve) => {
      asking.set(model, resolve);
      context.postMessage({ asked: model });
    });

  return {
    async renderOutputItem(item, element) {
      const data = item.json();
      // Without the kernel that made it, there is only what was saved beside it.
      if (!(await isKnown(data.model_id))) throw Object.assign(new Error(), { name: 'vscode.fallbackToNextRenderer' });
      await manager.kernel.requestCommInfo({}); // what was told before is known by then
      const view = await manager.create_view(await manager.get_model(data.model_id));
      element.replaceChildren();
      await manager.display_view(data, view, { node: element });
    },
  };
}

/** The manager, and a function that takes what comes from its kernel. */
async function connect(send) {
  await loadScript('require.js');
  window.requirejs.config({ paths: { anywidget: place('anywidget') } });
  (await import('./ipywidgets.js')).activate();
  window.vscIPyWidgets8.load();

  let socket;
  class Socket {
    protocol = '';
    constructor() {
      socket = this;
      setTimeout(() => this.onopen());
    }
    send(frame) {
      send(frame);
    }
    close() {}
  }
  const serverSettings = ServerConnection.makeSettings({
    WebSocket: Socket,
    baseUrl: 'http://kernel/',
    wsUrl: 'ws://kernel/',
  });
  const model = { id: 'kernel', name: 'python3' };
  const kernel = new KernelConnection({ model, serverSettings, handleComms: true });
  const scripts = {
    widgetsRegisteredInRequireJs: new Set(['anywidget']),
    loadWidgetScript() {},
    successHandler() {},
    errorHandler: console.error,
  };
  const manager = new window.vscIPyWidgets.WidgetManager(kernel, document.body, scripts, () => {});
  return { manager, hear: (data) => socket.onmessage({ data }) };
}

const place = (name) => new URL(name, import.meta.url).href;

function loadScript(name) {
  return new Promise((onload, onerror) => {
    document.head.append(Object.assign(document.createElement('script'), { src: place(name), onload, onerror }));
  });
}
