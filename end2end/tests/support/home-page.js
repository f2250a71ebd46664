// The page object of the start page, the same with and without JavaScript.

import { expect } from '@playwright/test';

export class HomePage {
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

  /** Opens a path and waits until the page is interactive. */
  async open(path = '/') {
    const answer = await this.page.goto(path);
    await this.alive();
    return answer;
  }

  /** With JavaScript: waits until the browser's module has started. */
  async alive() {
    if (this.scripts) await this.page.waitForFunction(() => window.onpopstate !== null);
  }

  card(widget) {
    return this.page.locator(`article[data-widget="${widget}"]`);
  }

  /**
   * A button of a card: `earlier`, `later`, `wider`, `narrower`, `remove`, `refresh`, `settings`.
   */
  tool(widget, name) {
    return this.card(widget).first().locator(`[id^="${name}-"]`);
  }

  /** The label of a theme's checkbox, shown as a chip. */
  chip(value) {
    return this.page.locator('label.chip', { has: this.page.locator(`input[value="${value}"]`) });
  }

  /** Selects interests in the welcome, where they are folded. */
  async choose(interests) {
    const fold = this.page.locator('form[data-action="welcome"] details');
    // The list that completes a place closes when its field is left.
    await this.page.locator('#place').blur();
    for (const interest of interests) {
      if ((await fold.count()) && (await fold.getAttribute('open')) === null) await fold.locator('summary').click();
      await this.chip(interest).click();
    }
  }

  /** The widgets of the cards, in reading order. */
  async order() {
    const read = () => this.cards.evaluateAll((cards) => cards.map((card) => card.dataset.widget));
    // Without JavaScript a navigation may be under way.
    return read().catch(async () => {
      await this.page.waitForLoadState();
      return read();
    });
  }

  async expectOrder(widgets) {
    await expect.poll(() => this.order()).toEqual(widgets);
  }

  /** Marks the page, so that a reload can be detected. */
  async mark() {
    if (this.scripts) await this.page.evaluate(() => (window.notReloaded = true));
  }

  /** With JavaScript: asserts that the page was not reloaded since it was marked. */
  async expectNoReload() {
    if (this.scripts) expect(await this.page.evaluate(() => window.notReloaded), 'the page was reloaded').toBe(true);
  }

  /** Asserts the notice; with JavaScript also the announcement for screen readers. */
  async expectSaid(words) {
    await expect(this.notice.locator('p').first()).toHaveText(words);
    if (this.scripts) await expect(this.page.locator('#announcer')).toHaveText(words);
  }

  /** Adds a card of a widget from its page in the catalogue. */
  async add(widget) {
    await this.open(`/catalogue/${widget}`);
    await this.page.locator(`#add-${widget}`).click();
    await expect(this.page).toHaveURL(/\/(\?|#|$)|\/settings\?from=added/);
    // A card that requires settings asks for them first.
    if (this.page.url().includes('from=added')) await this.page.locator('#cancel').click();
    await expect(this.card(widget).first()).toBeVisible();
  }

  /** Chooses colours or density in the header, and waits for the new page. */
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
