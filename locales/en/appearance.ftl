# How the pages look.
look-title = Display
look-colours = Colours
look-system = As your device
look-light = Light
look-dark = Dark
look-contrast = High contrast
look-room = Space
look-roomy = Roomy
look-dense = Compact
look-choose = Choose what reads best for you. Your choice holds on every page and is kept.
