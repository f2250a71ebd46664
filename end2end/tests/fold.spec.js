// A folded card shows its heading, one line and its warnings, and unfolds again.

import { manifests } from './support/manifests.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const name = (widget) => manifests().get(widget).name.nl;

test('a card is folded and unfolded while reading', async ({ home, page, words }) => {
  await home.open('/');
  await home.mark();
  const card = home.card('parking-ghent');
  const body = card.locator('[data-part="body"]');
  const open = await body.innerText();
  const height = (await card.boundingBox()).height;
  await home.tool('parking-ghent', 'fold').click();
  await expect(card).toHaveAttribute('data-folded', /.*/);
  await home.expectSaid(words('done-folded', { card: name('parking-ghent') }));
  if (home.scripts) await expect(home.tool('parking-ghent', 'fold')).toBeFocused();
  // One line of its data, and the source.
  const line = body.locator('> p').first();
  await expect(line).not.toBeEmpty();
  expect((await line.innerText()).split('\n')).toHaveLength(1);
  expect((await body.innerText()).length).toBeLessThan(open.length);
  await expect(card.locator('[data-part="source"]')).toBeVisible();
  expect((await card.boundingBox()).height).toBeLessThan(height);

  await page.reload();
  await home.alive();
  await expect(card).toHaveAttribute('data-folded', /.*/);
  await home.tool('parking-ghent', 'fold').click();
  await expect(card).not.toHaveAttribute('data-folded', /.*/);
  await home.expectSaid(words('done-unfolded', { card: name('parking-ghent') }));
  expect(await body.innerText()).toBe(open);
});

test('hidden content is not sent', async ({ home, page, request }) => {
  await home.open('/');
  const items = home.card('road-works').locator('[data-part="body"] li');
  const last = (await items.last().innerText()).split('\n')[0];
  await home.tool('road-works', 'fold').click();
  await expect(home.card('road-works')).toHaveAttribute('data-folded', /.*/);
  const answer = await page.request.get('/');
  expect(await answer.text()).not.toContain(last);
  expect(await (await request.get('/')).text(), 'for others it is').toContain(last);
});

test('a folded card keeps its warnings', async ({ home }) => {
  await home.open('/');
  const alerts = home.card('weather-warnings').locator('.alert');
  const count = await alerts.count();
  expect(count).toBeGreaterThan(0);
  await home.tool('weather-warnings', 'fold').click();
  await expect(home.card('weather-warnings')).toHaveAttribute('data-folded', /.*/);
  await expect(alerts).toHaveCount(count);
});

test('folding is an edit that can be undone', async ({ home, page, words }) => {
  await home.open('/?edit');
  await home.tool('air-quality', 'fold').click();
  await expect(home.card('air-quality')).toHaveAttribute('data-folded', /.*/);
  await page.locator('#undo').click();
  await expect(home.card('air-quality')).not.toHaveAttribute('data-folded', /.*/);
  await home.expectSaid(words('done-undone'));
});

test.describe('when refreshed', () => {
  onlyWithJavaScript();

  test('a folded card stays folded', async ({ home }) => {
    await home.open('/');
    const card = home.card('parking-ghent');
    await home.tool('parking-ghent', 'fold').click();
    await expect(card).toHaveAttribute('data-folded', /.*/);
    const text = await card.locator('[data-part="body"] > p').first().innerText();
    await home.tool('parking-ghent', 'refresh').click();
    await expect(card).not.toHaveAttribute('aria-busy', /.*/);
    await expect(card.locator('[data-part="body"] > p').first()).toHaveText(text);
    await expect(card.locator('[data-part="body"] > p')).toHaveCount(2);
  });
});
