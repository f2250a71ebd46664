// The presses that a morning's page costs on a new phone, counted, and the time that a person needs for them.

import { expect, test } from './support/test.js';

/** What a person needs to find a target and press it, and to type a letter on a phone, in seconds. */
const PRESS = 2;
const LETTER = 0.5;
/** Without JavaScript the search is a page with a field of its own. */
const MORE = 1;

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** A person with a phone: what is pressed must be in sight, or be scrolled to. */
class Person {
  presses = 0;
  seconds = 0;

  async press(target) {
    await target.tap();
    this.presses += 1;
    this.seconds += PRESS;
  }

  /** Types into a field, which is pressed first unless the page has put the cursor there. */
  async type(field, text) {
    const isThere = await field.evaluate((input) => input === document.activeElement);
    if (!isThere) await this.press(field);
    await field.pressSequentially(text);
    this.seconds += LETTER * text.length;
  }

  /** An address is pasted from what the keyboard offers. */
  async paste(field, text) {
    const isThere = await field.evaluate((input) => input === document.activeElement);
    if (!isThere) await this.press(field);
    await field.fill(text);
    this.seconds += PRESS;
  }
}

test('bins, trains and holidays on a new phone: at most eight presses and a minute', async ({ home, page }) => {
  const person = new Person();
  await home.open('/');
  await person.press(page.locator('.welcome a:visible').first());
  await person.type(page.locator('#place'), '1850');
  await person.press(home.chip('home-and-street'));
  await person.press(page.locator('#welcome-save'));
  await expect(page).toHaveURL(/settings\?from=welcome$/);
  await person.type(page.locator('#field-setting-street'), 'Prinsenstraat');
  await person.type(page.locator('#field-setting-number'), '12');
  await person.press(page.locator('#save'));
  for (const widget of ['waste-collection', 'train-departures', 'holidays']) {
    await expect(home.card(widget)).toHaveAttribute('data-state', 'fresh');
  }
  expect(person.presses).toBeLessThanOrEqual(8);
  expect(person.seconds).toBeLessThanOrEqual(60);
});

test('a feed of one\u2019s own: at most four presses', async ({ home, page }) => {
  const person = new Person();
  await home.open('/');
  await person.press(page.locator('[data-find]'));
  await person.type(page.locator(home.scripts ? '.finder input' : 'main input[name="q"]'), 'rss');
  if (!home.scripts) await page.keyboard.press('Enter');
  await person.press(page.locator('a[href="/catalogue/news-feed"]:visible').first());
  await person.press(page.locator('#add-news-feed'));
  await expect(page).toHaveURL(/settings\?from=added/);
  const address = page.locator('#field-setting-address');
  await expect(address).toBeFocused();
  await person.paste(address, 'https://blog.voorbeeldclub.be/');
  await person.press(page.locator('#save'));
  await expect(home.card('news-feed').first()).toHaveAttribute('data-state', 'fresh');
  expect(person.presses).toBeLessThanOrEqual(home.scripts ? 4 : 4 + MORE);
});
