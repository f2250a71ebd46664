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
look-choose = Kies wat voor jou het best leest. Je keuze geldt voor elke pagina en blijft bewaard.
