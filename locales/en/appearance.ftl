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
look-text = Text size
look-percent = { $percent }%
look-reading = How texts look
look-reading-usual = As designed
look-reading-easy = Easier to read
look-choose = Choose what reads best for you. Your choice holds on every page and is kept.
