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
look-text = Taille du texte
look-percent = { $percent } %
look-reading = Présentation des textes
look-reading-usual = Comme prévu
look-reading-easy = Lecture facile
look-choose = Choisissez ce qui se lit le mieux pour vous. Votre choix vaut pour toutes les pages et reste enregistré.
