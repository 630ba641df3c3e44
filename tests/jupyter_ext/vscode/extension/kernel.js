/** A kernel of a Jupyter server, over the WebSocket that every front end uses. */

const { randomUUID } = require('node:crypto');

class Kernel {
  /** One for a notebook; `tell` gets what concerns widgets, as it came, and its place among all of that. */
  static async start(server, path, tell) {
    const url = new URL('api/kernels', server);
    url.search = new URL(server).search;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ name: 'python3', path }) });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    url.pathname += `/${(await answer.json()).id}`;
    const kernel = new Kernel(url, tell);
    await kernel.opened;
    return kernel;
  }

  constructor(url, tell) {
    this.url = url;
    this.tell = tell;
    this.session = randomUUID();
    this.frames = [];
    this.models = new Set();
    this.running = new Map();
    const channels = new URL(`${url.pathname}/channels${url.search}`, url);
    channels.protocol = 'ws:';
    this.socket = new WebSocket(channels);
    this.socket.onmessage = ({ data }) => this.hear(data);
    this.opened = new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = ({ message }) => reject(new Error(message));
    });
  }

  send(frame) {
    this.socket.send(frame);
  }

  /** Whether the code ended without an error; `show` gets what is published meanwhile. */
  execute(code, show) {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, msg_type: 'execute_request', session: this.session, username: '', date, version: '5.3' };
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    this.send(JSON.stringify({ channel: 'shell', header, parent_header: {}, metadata: {}, content, buffers: [] }));
    return new Promise((resolve) => this.running.set(id, { show, resolve }));
  }

  hear(frame) {
    const { header, parent_header: parent, content } = JSON.parse(frame);
    const kind = header.msg_type;
    if (kind === 'comm_open') this.models.add(content.comm_id);
    if (kind.startsWith('comm_') || parent.session !== this.session) {
      this.tell(frame, this.frames.push(frame) - 1);
    }
    const run = this.running.get(parent.msg_id);
    if (!run) return;
    run.show({ header, content });
    if (kind === 'execute_reply') run.status = content.status;
    if (kind === 'status' && content.execution_state === 'idle') run.isIdle = true;
    if (run.status && run.isIdle) { // they come by two channels, in either order
      this.running.delete(parent.msg_id);
      run.resolve(run.status === 'ok');
    }
  }

  async shutDown() {
    this.socket.close();
    await fetch(this.url, { method: 'DELETE' });
  }
}

module.exports = { Kernel };
