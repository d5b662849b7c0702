// Swagger UI in a real browser, as a user goes about it: opens an operation, presses "Try it out", fills the form, presses "Execute" and reads the answer.
import { createRequire } from 'node:module';
import path from 'node:path';

// The packages are installed outside of the source tree's folders, where an import would not look for them.
const require = createRequire(path.resolve(process.env.CONTRACT_PACKAGES ?? 'artifacts/npm/contract') + path.sep);
const { chromium } = require('playwright-core');

const endpoint = process.env.CONTRACT_ENDPOINT ?? 'http://127.0.0.1:8080';
const answerTimeout = 60_000;

/** Opens the page, lets a story use it, and prints each execution as a line of JSON, and what the browser complained of. */
export async function tell(story) {
  // Root may not have a sandbox, and the browser opens no page but ours.
  const browser = await chromium.launch({ executablePath: process.env.CONTRACT_BROWSER ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    page.setDefaultTimeout(answerTimeout);
    watch(page);
    await page.goto(`${endpoint}/swagger`);
    await page.locator('.opblock').first().waitFor();
    print({ title: await page.title(), tags: await page.locator('.opblock-tag').evaluateAll((tags) => tags.map((tag) => tag.dataset.tag)) });
    await story(new Swagger(page));
  } finally {
    await browser.close();
  }
}

/** The page's operations. */
class Swagger {
  #page;

  constructor(page) {
    this.#page = page;
  }

  /**
   * Executes an operation with what its form has by itself, but for the given parameters and body: an object, bytes of a file, or a text of the given type.
   * Answers with the status that the page shows and the body of the answer.
   */
  async execute(operation, { parameters = {}, body, file, type } = {}) {
    const block = this.#page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator('.opblock-summary-control').click();
    // The form stays open, with what it was filled with, and so does the answer.
    await block.locator('.try-out__btn').first().waitFor();
    const open = block.locator('.try-out__btn:not(.cancel):not(.reset)');
    if (await open.count() > 0) await open.click();
    else if (await block.locator('.btn-clear').count() > 0) await block.locator('.btn-clear').click();
    for (const [name, value] of Object.entries(parameters)) {
      const field = block.locator(`tr[data-param-name="${name}"]`);
      if (await field.locator('select').count() > 0) await field.locator('select').selectOption(`${value}`);
      else await field.locator('input').fill(`${value}`);
    }
    if (type !== undefined) await block.locator('.opblock-section-request-body .content-type').selectOption(type);
    if (file !== undefined) await block.locator('input[type=file]').setInputFiles({ name: 'file', mimeType: 'application/octet-stream', buffer: Buffer.from(file) });
    if (body !== undefined) await block.locator('.body-param__text').fill(typeof body === 'string' ? body : JSON.stringify(body));

    const answered = this.#page.waitForResponse((response) => response.request().resourceType() === 'fetch');
    await block.locator('.execute').click();
    const response = await answered;
    const text = await response.text();
    const shown = parseInt(await block.locator('.live-responses-table tbody .response-col_status').first().innerText());
    print({ operation, method: response.request().method(), status: response.status(), shown, type: response.headers()['content-type']?.split(';')[0], body: text });
    await block.locator('.opblock-summary-control').click();
    return { status: shown, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** Comes to an operation by its own address, as by a bookmark, and says what fields its form has. */
  async visit(tag, operation) {
    await this.#page.goto(`${endpoint}/swagger/index.html#/${tag}/${operation}`);
    await this.#page.reload();
    const block = this.#page.locator(`#operations-${tag}-${operation}`);
    await block.locator('.try-out__btn').click();
    print({ visited: operation, fields: await block.locator('.parameters tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.paramName)) });
    await block.locator('.opblock-summary-control').click();
  }

  /** Logs in with an access key. */
  async authorize(user, password) {
    await this.#page.locator('.scheme-container .authorize').click();
    await this.#page.locator('.auth-container input[name=username]').fill(user);
    await this.#page.locator('.auth-container input[name=password]').fill(password);
    await this.#page.locator('.auth-btn-wrapper .authorize').click();
    await this.#page.locator('.auth-btn-wrapper .btn-done').click();
  }
}

function watch(page) {
  page.on('pageerror', (error) => print({ complaint: error.message }));
  page.on('request', (request) => {
    if (!request.url().startsWith(endpoint) && !/^(data|blob):/.test(request.url())) print({ complaint: `asks elsewhere: ${request.url()}` });
  });
  page.on('console', (message) => {
    // The browser says so of every answer over 399; which of them are right is judged by their statuses.
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded with a status of') && message.location().url.startsWith(`${endpoint}/v1/`);
    if (message.type() === 'error' && !isAnswer) print({ complaint: message.text() });
  });
}

function print(line) {
  console.log(JSON.stringify(line));
}
