# How the pages look.
look-title = Weergave
look-colours = Kleuren
look-system = Zoals je toestel
look-light = Licht
look-dark = Donker
look-contrast = Veel contrast
look-room = Ruimte
look-roomy = Ruim
look-dense = Compact
look-text = Grootte van de letters
look-percent = { $percent } %
look-reading = Leesvorm
look-reading-usual = Zoals ontworpen
look-reading-easy = Makkelijk lezen
look-choose = Kies wat voor jou het best leest. Je keuze geldt voor elke pagina en blijft bewaard.
