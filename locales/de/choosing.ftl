# What suggests a card, and what finds one quickly.

# Suggestions in the catalogue. The reasons are complete by themselves.
suggest-title = Passt zu Ihnen
suggest-lead = Gewählt nach dem, was Sie selbst gesagt haben. Aus dem, was Sie ansehen, schließen wir nichts.
suggest-tell = Sagen Sie, wo Sie wohnen und was Ihnen wichtig ist. Dann steht hier, was zu Ihnen passt.
suggest-tell-place = Sagen Sie auch, wo Sie wohnen. Dann sehen Sie, was es in Ihrer Nähe gibt.
suggest-tell-interests = Wählen Sie auch, was Ihnen wichtig ist. Dann passt es noch besser.
suggest-tell-link = Ort und Interessen angeben
reason-place = Weil Sie in { $place } wohnen
reason-country = Weil Sie in Belgien wohnen
reason-interest = Weil Sie „{ $theme }“ gewählt haben
reason-place-interest = Weil Sie in { $place } wohnen und „{ $theme }“ gewählt haben
reason-country-interest = Weil Sie in Belgien wohnen und „{ $theme }“ gewählt haben
catalogue-everything = Alle Karten
catalogue-found = Gefunden
catalogue-near = Bei Ihnen
catalogue-near-hint = nur was für { $place } gilt
catalogue-far = Weiter weg
catalogue-far-count = { $count ->
        [one] eine Karte für einen anderen Ort
       *[other] { $count } Karten für andere Orte
    }
catalogue-own = Von Ihnen selbst
catalogue-covers = Nur für: { $areas }

# The page of a widget: the card in each width, of the width of the board.
widget-sizes = So sieht die Karte aus
widget-width = Wie breit soll sie sein?
widget-width-small = Auf einem kleinen Bildschirm nimmt jede Karte die ganze Breite ein. Die Breite zählt auf einem großen Bildschirm.
width-narrow = Schmal: eine Spalte
width-wide = Breit: zwei Spalten
width-full = Voll: die ganze Breite
width-best = passt am besten
widget-covers = Wo sie funktioniert
widget-covers-everywhere = Überall

# Quick find. What begins with find-words is never shown: by these words something is found too.
find-title = Suchen
find-lead = Springen Sie zu einer Karte, einer Einstellung oder etwas Neuem.
find-label = Was suchen Sie?
find-close = Schließen
find-none = Das gibt es noch nicht, oder es heißt hier anders. Versuchen Sie ein anderes Wort.
find-some = { $count } gefunden. Enter öffnet { $first }.
find-count =
    { $count ->
        [one] { $count } gefunden
       *[other] { $count } gefunden
    }
find-cards = Auf Ihrer Seite
find-settings = Einstellungen und Erklärung
find-widgets = Zur Auswahl
find-wanted = Gibt es noch nicht
wanted-try = Vielleicht hilft: { $cards }
wanted-title = „{ $name }“ gibt es noch nicht als Karte.
wanted-help = Vielleicht hilft:
wanted-own = Setzen Sie selbst eine Quelle auf Ihre Seite:
find-card-number = Karte { $number } Ihrer Seite
find-arrange = Ihre Seite anpassen
find-words-place = Adresse Postleitzahl Gemeinde Stadt wohnen umziehen Interessen Themen Vorlieben
find-words-arrange = verschieben Reihenfolge Breite Größe entfernen löschen bearbeiten
find-words-language = Nederlands français Deutsch English übersetzen
find-words-catalogue = Katalog Widgets hinzufügen neu wählen
find-words-services = Störung kaputt langsam Quellen Status geht nicht
find-words-privacy = Cookies Daten löschen speichern Sicherheit DSGVO
find-words-wall = Tablet Küche Bildschirm Kiosk Wand groß
find-words-forget = gemeinsamer Computer löschen abmelden ausloggen Konto entfernen Cookies vergessen
find-words-accessibility = Tastatur Bildschirmleser Kontrast Schrift blind sehbehindert Behinderung
find-words-about = Kontakt Version Lizenz wer
find-words-own-card = selbst bauen entwickeln beitragen programmieren
find-pages = Ihre Seiten
find-words-look = hell dunkel Thema Farben Kontrast Aussehen kompakt
find-words-history = rückgängig wiederholen Änderungen zurück wiederherstellen Verlauf
sets-title = Für einen Moment im Leben
sets-lead = Einige Karten zusammen. Sie fügen sie auf einmal hinzu und können das rückgängig machen.
sets-add = Alle hinzufügen
sets-link = Oder wählen Sie Karten für einen Moment in Ihrem Leben.
