# How the pages look.
look-title = Affichage
look-colours = Couleurs
look-system = Comme votre appareil
look-light = Clair
look-dark = Sombre
look-contrast = Contraste élevé
look-room = Espace
look-roomy = Aéré
look-dense = Compact
look-choose = Choisissez ce qui se lit le mieux pour vous. Votre choix vaut pour toutes les pages et reste enregistré.
