// The citizen's page in the browser, the same with JavaScript and without.

import { expect } from '@playwright/test';

export class Home {
  /**
   * @param {import('@playwright/test').Page} page
   * @param {boolean} scripts whether JavaScript runs
   */
  constructor(page, scripts) {
    this.page = page;
    this.scripts = scripts;
    this.cards = page.locator('article[data-card]');
    this.notice = page.locator('#notice');
  }

  /** Opens an address and waits until the page is ready to be used. */
  async open(path = '/') {
    const answer = await this.page.goto(path);
    await this.alive();
    return answer;
  }

  /** With JavaScript: the island listens. */
  async alive() {
    if (this.scripts) await this.page.waitForFunction(() => window.onpopstate !== null);
  }

  card(widget) {
    return this.page.locator(`article[data-widget="${widget}"]`);
  }

  /** A button of a card: `earlier`, `later`, `wider`, `narrower`, `remove`, `refresh`, `settings`. */
  tool(widget, name) {
    return this.card(widget).first().locator(`[id^="${name}-"]`);
  }

  /** What is pressed to choose a theme: its box is drawn as a chip. */
  chip(value) {
    return this.page.locator('label.chip', { has: this.page.locator(`input[value="${value}"]`) });
  }

  /** Ticks what matters in the welcome; the question is folded on the board. */
  async choose(interests) {
    const fold = this.page.locator('form[data-action="welcome"] details');
    for (const interest of interests) {
      if ((await fold.count()) && (await fold.getAttribute('open')) === null) await fold.locator('summary').click();
      await this.chip(interest).click();
    }
  }

  /** The widgets of the cards, in reading order. */
  async order() {
    const read = () => this.cards.evaluateAll((cards) => cards.map((card) => card.dataset.widget));
    // Without JavaScript a page may be making place for the next one just now.
    return read().catch(async () => {
      await this.page.waitForLoadState();
      return read();
    });
  }

  async expectOrder(widgets) {
    await expect.poll(() => this.order()).toEqual(widgets);
  }

  /** Marks the page, so that a reload shows. */
  async mark() {
    if (this.scripts) await this.page.evaluate(() => (window.notReloaded = true));
  }

  /** With JavaScript: the page was not loaded again since it was marked. */
  async expectNoReload() {
    if (this.scripts) expect(await this.page.evaluate(() => window.notReloaded), 'the page was loaded again').toBe(true);
  }

  /** What was done stands in the notice; with JavaScript a screen reader was told the same. */
  async expectSaid(words) {
    await expect(this.notice.locator('p').first()).toHaveText(words);
    if (this.scripts) await expect(this.page.locator('#announcer')).toHaveText(words);
  }

  /** Adds a card of a widget from its page in the catalogue. */
  async add(widget) {
    await this.open(`/catalogue/${widget}`);
    await this.page.locator(`#add-${widget}`).click();
    await expect(this.page).toHaveURL(/\/(\?|#|$)/);
    await expect(this.card(widget).last()).toBeVisible();
  }

  /** Chooses colours or density in the top of the page, and waits for the page that comes back. */
  async look(answer) {
    await this.page.locator('.display summary').click();
    const button = this.page.locator(`.display button[value="${answer}"]`);
    await Promise.all([this.page.waitForEvent('load'), button.click()]);
    await expect(button).toHaveAttribute('aria-current', 'true');
    await this.alive();
  }

  /** Answers the welcome on the board. */
  async welcome(place, interests = []) {
    await this.page.locator('#place').fill(place);
    await this.choose(interests);
    await this.page.locator('#welcome-save').click();
    await expect(this.page.locator('form[data-action="welcome"]')).toHaveCount(0);
  }
}
