// The same as a light client, over long-polling: one connection waits, another one posts.
import { Agent, request } from 'node:http';
import { Light } from './light.js';

const SEPARATOR = '\x1e';

export class Poller extends Light {
  async connect() {
    this.agent = new Agent({ keepAlive: true, maxSockets: 2 });
    this.path = '/socket.io/?EIO=4&transport=polling';
    this.queue = Promise.resolve();
    const into = new Promise((done, fail) => {
      this.onConnect = () => { this.connectedAt = Date.now(); done(this); };
      this.onFail = (why) => fail(new Error(why));
    });
    const opened = await this.fetch('GET');
    this.path += `&sid=${JSON.parse(opened.slice(1)).sid}`;
    this.say(`40${this.token ? JSON.stringify({ token: this.token }) : ''}`);
    this.poll();
    return into;
  }

  fetch(method, body) {
    return new Promise((done, fail) => {
      const asked = request({ port: this.port, host: '127.0.0.1', method, path: this.path, agent: this.agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.once('error', fail);
        answer.once('end', () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode === 200) done(text);
          else fail(new Error(`${answer.statusCode} ${text}`));
        });
      });
      asked.once('error', fail);
      asked.end(body);
    });
  }

  /** Polls until it is closed, or so many times. */
  async poll(times = Infinity) {
    try {
      for (let done = 0; done < times; done += 1) {
        const body = await this.fetch('GET');
        for (const packet of body.split(SEPARATOR)) {
          if (packet === '1') this.closeFrame = true;
          else this.packet(Buffer.from(packet));
        }
        if (this.closeFrame) {
          this.end('close packet');
          return;
        }
      }
    } catch (error) {
      this.end(error.message);
    }
  }

  /** One POST at a time, as the protocol wants it. */
  say(text) {
    this.queue = this.queue.then(() => this.fetch('POST', text)).catch((error) => this.end(error.message));
  }

  vanish() {
    this.agent.destroy();
  }
}
