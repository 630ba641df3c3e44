/** Runs a notebook's cells in a kernel of a Jupyter server, and lets the renderer of widgets talk with that kernel. */

const { relative } = require('node:path');
const vscode = require('vscode');
const { Kernel } = require('./kernel.js');

const LABEL = 'Python of the tests';
const kernels = new Map(); // promises, by the notebook's address

exports.activate = (context) => {
  const renderer = vscode.notebooks.createRendererMessaging('mooring-tests-widgets');
  const controller = vscode.notebooks.createNotebookController('mooring-tests', 'jupyter-notebook', LABEL);
  controller.supportedLanguages = ['python'];
  controller.executeHandler = async (cells, notebook) => {
    for (const cell of cells) await run(cell, controller, () => kernelOf(notebook, renderer));
  };
  context.subscriptions.push(
    controller,
    renderer.onDidReceiveMessage(async ({ editor, message }) => {
      const kernel = await kernels.get(String(editor.notebook.uri));
      if (message.send) kernel?.send(message.send);
      if (message.isReady && kernel) renderer.postMessage({ first: 0, frames: kernel.frames }, editor);
      if (message.asked) {
        const isKnown = Boolean(kernel?.models.has(message.asked));
        renderer.postMessage({ asked: message.asked, isKnown }, editor);
      }
    }),
    vscode.workspace.onDidCloseNotebookDocument(async ({ uri }) => {
      const kernel = kernels.get(String(uri));
      kernels.delete(String(uri));
      (await kernel)?.shutDown();
    }),
  );
};

/** The notebook's own kernel; started when its first cell runs. */
function kernelOf(notebook, renderer) {
  const key = String(notebook.uri);
  if (!kernels.has(key)) {
    const settings = vscode.workspace.getConfiguration('mooringTests');
    const path = relative(settings.get('root'), notebook.uri.fsPath);
    const tell = (frame, first) => renderer.postMessage({ first, frames: [frame] });
    kernels.set(key, Kernel.start(settings.get('server'), path, tell));
  }
  return kernels.get(key);
}

async function run(cell, controller, getKernel) {
  const execution = controller.createNotebookCellExecution(cell);
  execution.start(Date.now());
  const kernel = await getKernel();
  await execution.clearOutput();
  const named = new Map();
  const isGood = await kernel.execute(cell.document.getText(), (message) => {
    const items = itemsOf(message);
    if (!items) return;
    const name = message.content.transient?.display_id;
    if (named.has(name)) {
      execution.replaceOutputItems(items, named.get(name));
      return;
    }
    const output = new vscode.NotebookCellOutput(items);
    if (name) named.set(name, output);
    execution.appendOutput(output);
  });
  execution.end(isGood, Date.now());
}

/** What a message of the kernel shows below the cell, if anything. */
function itemsOf({ header, content }) {
  const { stdout, stderr, error, json, text } = vscode.NotebookCellOutputItem;
  switch (header.msg_type) {
    case 'stream':
      return [(content.name === 'stdout' ? stdout : stderr)(content.text)];
    case 'error':
      return [error({ name: content.ename, message: content.evalue, stack: content.traceback.join('\n') })];
    case 'display_data':
    case 'update_display_data':
    case 'execute_result':
      return Object.entries(content.data).map(([mime, value]) =>
        (typeof value === 'string' ? text : json)(value, mime),
      );
  }
}
