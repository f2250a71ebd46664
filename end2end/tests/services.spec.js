// The status of services: failures, filters, and the same as data.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const WIDGETS = manifests();
const hosts = (page) => page.locator('.services > li').evaluateAll((found) => found.map((service) => service.dataset.host));
const hostOf = (widget) => WIDGETS.get(widget).hosts[0];

test('with samples the page says that no service gets requests, and shows how open each service is', async ({ home, page, words }) => {
  await home.open('/services');
  await expect(page.locator('[data-part="summary"]')).toHaveText(words('services-summary-samples'));
  const all = new Set([...WIDGETS.values()].flatMap((manifest) => manifest.hosts ?? []));
  const shown = await hosts(page);
  for (const host of all) expect(shown).toContain(host);
  const air = page.locator(`[data-host="${hostOf('air-quality')}"]`);
  await expect(air.locator('.health')).toHaveText(words('service-samples'));
  await expect(air.locator('[data-yes="yes"]')).toHaveCount(5);
  await expect(page.locator(`[data-host="${hostOf('bus-stop')}"]`)).toContainText(words('open-key-no'));
  for (const type of ['application/json', 'application/atom+xml']) {
    const address = await page.locator(`head link[rel="alternate"][type="${type}"]`).getAttribute('href');
    const answer = await page.request.get(address);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-type']).toContain(type);
  }
});

test('a form filters the page, and the filter has an address of its own', async ({ home, page }) => {
  await home.open('/services');
  const all = await hosts(page);
  await page.locator('.sift [value="family-and-school"]').check({ force: true });
  await page.locator('form.sift button').click();
  await expect(page).toHaveURL(/[?&]theme=family-and-school(&|$)/);
  await expect.poll(async () => (await hosts(page)).length).toBeLessThan(all.length);
  const some = await hosts(page);
  expect(some).toContain(hostOf('holidays'));
  expect(some).not.toContain(hostOf('parking-ghent'));
  await page.reload();
  expect(await hosts(page)).toEqual(some);
  await expect(page.locator('.sift [value="family-and-school"]')).toBeChecked();
});

test.describe('with services', () => {
  test.use({ sources: 'gateway' });

  test('a service that answers in another shape is named, since when and by which key', async ({ home, page, standIn, voordeur, words }) => {
    const host = hostOf('parking-ghent');
    await standIn.fault(host, 'replace', { from: '"name":', to: '"naam":' });
    await home.open('/');
    const card = home.card('parking-ghent');
    await expect(card).toHaveAttribute('data-state', 'unavailable');
    await expect(card.locator('.hint').first()).toContainText(words('failure-changed', { publisher: 'Stad Gent' }));
    await home.open('/services');
    expect((await hosts(page))[0]).toBe(host);
    const changed = page.locator(`[data-host="${host}"]`);
    await expect(changed.locator('.health')).toHaveText(words('service-fails'));
    const key = 'view.block[0].label';
    const [before, after] = words('services-shape-none', { card: WIDGETS.get('parking-ghent').name.nl, moment: '|', key }).split('|');
    await expect(changed).toContainText(before);
    await expect(changed).toContainText(after);
    const { services } = await (await page.request.get('/services.json')).json();
    const [told] = services.find((service) => service.host === host).changed;
    expect(told).toMatchObject({ widget: 'parking-ghent', key, partial: false });
    expect(Math.abs(Date.now() - Date.parse(told.since))).toBeLessThan(120_000);
    const lines = voordeur.log.filter((line) => line.includes('service changed'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(key);

    // It survives a restart, and ends with the first answer that can be read.
    const changes = async () => {
      const { services } = await (await page.request.get('/services.json')).json();
      return services.find((service) => service.host === host).changed.length;
    };
    await voordeur.stop();
    await standIn.fault(host, 'none');
    await voordeur.start();
    expect(await changes()).toBe(1);
    await home.open('/');
    await expect(card).toHaveAttribute('data-state', 'fresh');
    expect(await changes()).toBe(0);
  });

  test('a failing service comes first, with the reason', async ({ home, page, standIn, words }) => {
    const host = hostOf('parking-ghent');
    await standIn.fault(host, 'status', { code: 500 });
    await home.open('/');
    await expect(home.card('weather-warnings')).toHaveAttribute('data-state', 'fresh');
    await home.open('/services');
    expect((await hosts(page))[0]).toBe(host);
    const hurt = page.locator(`[data-host="${host}"]`);
    await expect(hurt.locator('.health')).toHaveAttribute('data-tone', /fair|poor/);
    await expect(hurt).toContainText(words('failure-broken', { publisher: 'Stad Gent' }));
    const well = page.locator(`[data-host="${hostOf('weather-warnings')}"]`);
    await expect(well.locator('.health')).toHaveText(words('service-answers'));
    await expect(well.locator('time').first()).toHaveAttribute('datetime', /Z$/);

    await home.open('/services?only=troubled');
    expect(await hosts(page)).toEqual([host]);
    await home.open('/services?only=troubled&theme=work-and-money');
    await expect(page.locator('.count')).toHaveText(words('services-nothing'));
  });
});
