# How the pages look.
look-title = Darstellung
look-colours = Farben
look-system = Wie Ihr Gerät
look-light = Hell
look-dark = Dunkel
look-contrast = Hoher Kontrast
look-room = Abstand
look-roomy = Luftig
look-dense = Kompakt
look-text = Schriftgröße
look-percent = { $percent } %
look-reading = Darstellung der Texte
look-reading-usual = Wie entworfen
look-reading-easy = Leichter lesbar
look-choose = Wählen Sie, was sich für Sie am besten liest. Ihre Wahl gilt für jede Seite und bleibt gespeichert.
