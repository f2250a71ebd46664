// The announcements to a screen reader while a card is moved by keyboard, in four languages. The
// texts are repeated here, so that a change of an announcement is deliberate.

import { manifests } from './support/manifests.js';
import { handle, openForDragging, withSecondPage } from './support/dragging.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

onlyWithJavaScript();

const WIDTHS = {
  nl: { narrow: 'een kolom', wide: 'twee kolommen', full: 'de hele breedte' },
  fr: { narrow: 'une colonne', wide: 'deux colonnes', full: 'toute la largeur' },
  de: { narrow: 'eine Spalte', wide: 'zwei Spalten', full: 'die ganze Breite' },
  en: { narrow: 'one column', wide: 'two columns', full: 'the whole width' },
};

const WORDS = {
  'nl-BE': {
    label: (card) => `Oppakken: ${card}`,
    how: 'Druk op Enter of de spatiebalk om de kaart op te pakken. Met de pijltjes verplaats je haar.',
    picked: (card) =>
      `“${card}” opgepakt, plaats 1 van 8. Pijltjes verplaatsen, plus en min veranderen de breedte, Enter zet neer, Escape zet terug.`,
    edge: (place) => `Verder kan niet: plaats ${place} van 8.`,
    moved: (place) => `Plaats ${place} van 8.`,
    size: (size) => `Neemt ${WIDTHS.nl[size]} in.`,
    widest: `Neemt ${WIDTHS.nl.full} in, breder kan niet.`,
    narrowest: (size) => `Neemt ${WIDTHS.nl[size]} in, smaller kan niet.`,
    noPage: 'Er is geen andere pagina in die richting.',
    toPage: 'Naar de pagina “Werk”. Enter zet neer, Escape zet terug.',
    thisPage: 'Op deze pagina, plaats 1 van 8.',
    onPage: (card) => `“${card}” staat nu op pagina “Werk”, plaats 1 van 1.`,
    cancelled: (card) => `“${card}” staat weer op plaats 1.`,
    unchanged: (card) => `“${card}” blijft op plaats 1.`,
    dropped: (card) => `“${card}” staat nu op plaats 2 van 8.`,
  },
  'fr-BE': {
    label: (card) => `Prendre: ${card}`,
    how: 'Appuyez sur Entrée ou sur la barre d’espace pour prendre la carte. Les flèches la déplacent.',
    picked: (card) =>
      `La carte « ${card} » est prise, place 1 sur 8. Les flèches déplacent, plus et moins changent la largeur, Entrée dépose, Échap remet en place.`,
    edge: (place) => `Impossible d’aller plus loin : place ${place} sur 8.`,
    moved: (place) => `Place ${place} sur 8.`,
    size: (size) => `Occupe ${WIDTHS.fr[size]}.`,
    widest: `Occupe ${WIDTHS.fr.full}, c’est la plus grande largeur.`,
    narrowest: (size) => `Occupe ${WIDTHS.fr[size]}, c’est la plus petite largeur.`,
    noPage: 'Il n’y a pas d’autre page dans cette direction.',
    toPage: 'Vers la page « Werk ». Entrée dépose, Échap remet en place.',
    thisPage: 'Sur cette page, place 1 sur 8.',
    onPage: (card) => `La carte « ${card} » est maintenant sur la page « Werk », place 1 sur 1.`,
    cancelled: (card) => `La carte « ${card} » est de nouveau à la place 1.`,
    unchanged: (card) => `La carte « ${card} » reste à la place 1.`,
    dropped: (card) => `La carte « ${card} » est maintenant à la place 2 sur 8.`,
  },
  'de-BE': {
    label: (card) => `Aufnehmen: ${card}`,
    how: 'Drücken Sie die Eingabetaste oder die Leertaste, um die Karte aufzunehmen. Die Pfeiltasten bewegen sie.',
    picked: (card) =>
      `„${card}“ aufgenommen, Stelle 1 von 8. Pfeiltasten bewegen, Plus und Minus ändern die Breite, die Eingabetaste legt ab, Escape legt zurück.`,
    edge: (place) => `Weiter geht es nicht: Stelle ${place} von 8.`,
    moved: (place) => `Stelle ${place} von 8.`,
    size: (size) => `Nimmt ${WIDTHS.de[size]} ein.`,
    widest: `Nimmt ${WIDTHS.de.full} ein, breiter geht es nicht.`,
    narrowest: (size) => `Nimmt ${WIDTHS.de[size]} ein, schmaler geht es nicht.`,
    noPage: 'In dieser Richtung gibt es keine andere Seite.',
    toPage: 'Auf die Seite „Werk“. Die Eingabetaste legt ab, Escape legt zurück.',
    thisPage: 'Auf dieser Seite, Stelle 1 von 8.',
    onPage: (card) => `„${card}“ steht jetzt auf der Seite „Werk“, Platz 1 von 1.`,
    cancelled: (card) => `„${card}“ steht wieder an Stelle 1.`,
    unchanged: (card) => `„${card}“ bleibt an Stelle 1.`,
    dropped: (card) => `„${card}“ steht jetzt auf Platz 2 von 8.`,
  },
  'en-GB': {
    label: (card) => `Pick up: ${card}`,
    how: 'Press Enter or the space bar to pick up the card. The arrow keys move it.',
    picked: (card) =>
      `“${card}” picked up, place 1 of 9. Arrow keys move it, plus and minus change its width, Enter puts it down, Escape puts it back.`,
    edge: (place) => `It cannot go further: place ${place} of 9.`,
    moved: (place) => `Place ${place} of 9.`,
    size: (size) => `Takes up ${WIDTHS.en[size]}.`,
    widest: `Takes up ${WIDTHS.en.full}; it cannot be wider.`,
    narrowest: (size) => `Takes up ${WIDTHS.en[size]}; it cannot be narrower.`,
    noPage: 'There is no other page in that direction.',
    toPage: 'To the page “Werk”. Enter puts it down, Escape puts it back.',
    thisPage: 'On this page, place 1 of 9.',
    onPage: (card) => `“${card}” is now on page “Werk”, in place 1 of 1.`,
    cancelled: (card) => `“${card}” is back at place 1.`,
    unchanged: (card) => `“${card}” stays at place 1.`,
    dropped: (card) => `“${card}” is now in place 2 of 9.`,
  },
};

/** Presses a key on a handle. Returns the announcement. */
const stepsOn = (page, grip) => async (key, expected) => {
  await page.keyboard.press(key);
  await expect(page.locator('#announcer'), key).toHaveText(expected);
  await expect(grip, key).toBeFocused();
};

for (const [locale, words] of Object.entries(WORDS)) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    // The default place of English has one service more.
    const last = locale === 'en-GB' ? 9 : 8;
    // The card below the second one, which is a forecast where a starter board is the default.
    const below = locale === 'nl-BE' ? 5 : 6;

    test('each step is announced, and the focus stays on the handle', async ({ home, page }) => {
      const card = manifests().get('train-departures').name[locale.slice(0, 2)];
      await openForDragging(home);
      const grip = handle(home, 'train-departures');
      const step = stepsOn(page, grip);
      await expect(grip).toHaveAccessibleName(words.label(card));
      await expect(grip).toHaveAccessibleDescription(words.how);
      await expect(grip).toHaveAttribute('aria-pressed', 'false');
      await grip.focus();

      await step('Enter', words.picked(card));
      await expect(grip).toHaveAttribute('aria-pressed', 'true');
      await step('ArrowLeft', words.edge(1));
      await step('ArrowUp', words.edge(1));
      await step('ArrowRight', words.moved(2));
      await step('ArrowDown', words.moved(below));
      await step('End', words.moved(last));
      await step('ArrowDown', words.edge(last));
      await step('+', words.size('wide'));
      await step('Shift+ArrowRight', words.widest);
      await step('+', words.widest);
      await step('-', words.size('wide'));
      await step('-', words.narrowest('narrow'));
      await step('-', words.narrowest('narrow'));
      await step('PageDown', words.noPage);
      await step('PageUp', words.noPage);
      await step('Home', words.moved(1));
      await step('Escape', words.cancelled(card));
      await expect(grip).toHaveAttribute('aria-pressed', 'false');

      await step('Space', words.picked(card));
      await step('Space', words.unchanged(card));

      await step('Enter', words.picked(card));
      await step('ArrowRight', words.moved(2));
      await step('Enter', words.dropped(card));
    });

    test('to another page', async ({ home, page }) => {
      const card = manifests().get('train-departures').name[locale.slice(0, 2)];
      await withSecondPage(home, 'Werk');
      const grip = handle(home, 'train-departures');
      const step = stepsOn(page, grip);
      await grip.focus();
      await step('Enter', words.picked(card));
      await step('PageUp', words.noPage);
      await step('PageDown', words.toPage);
      await expect(page.locator('nav [data-takes]')).toHaveText('Werk');
      await step('PageDown', words.noPage);
      await step('PageUp', words.thisPage);
      await expect(page.locator('[data-takes]')).toHaveCount(0);
      await step('PageDown', words.toPage);
      // A move on this page cancels the move to the other page.
      await step('ArrowRight', words.moved(2));
      await step('Escape', words.cancelled(card));
      await step('Enter', words.picked(card));
      await step('PageDown', words.toPage);
      await step('Enter', words.onPage(card));
      await expect(home.cards).toHaveCount(1);
    });
  });
}

test('on a phone, the up and down keys move a card earlier and later', async ({ home, page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openForDragging(home);
  const said = page.locator('#announcer');
  await handle(home, 'train-departures').focus();
  await page.keyboard.press('Enter');
  for (const [key, place] of [['ArrowDown', 2], ['ArrowRight', 3], ['ArrowUp', 2], ['ArrowLeft', 1]]) {
    await page.keyboard.press(key);
    await expect(said, key).toHaveText(`Plaats ${place} van 8.`);
    await expect(home.card('train-departures')).toBeInViewport();
  }
});
