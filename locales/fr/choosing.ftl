# What suggests a card, and what finds one quickly.

# Suggestions in the catalogue. The reasons are complete by themselves.
suggest-title = Pour vous
suggest-lead = Choisi d’après ce que vous nous avez dit. Nous ne déduisons rien de ce que vous regardez.
suggest-tell = Dites-nous où vous habitez et ce qui vous intéresse. Vous verrez ici ce qui vous convient.
suggest-tell-place = Dites-nous aussi où vous habitez. Vous verrez ce qu’il y a près de chez vous.
suggest-tell-interests = Choisissez aussi ce qui vous intéresse. Le choix sera encore meilleur.
suggest-tell-link = Indiquer ma commune
reason-place = Parce que vous habitez à { $place }
reason-country = Parce que vous habitez en Belgique
reason-interest = Parce que vous avez choisi « { $theme } »
reason-place-interest = Parce que vous habitez à { $place } et avez choisi « { $theme } »
reason-country-interest = Parce que vous habitez en Belgique et avez choisi « { $theme } »
catalogue-everything = Toutes les cartes
catalogue-found = Trouvé
catalogue-near = Près de chez vous
catalogue-near-hint = seulement ce qui marche à { $place }
catalogue-far = Plus loin
catalogue-far-count = { $count ->
        [one] une carte pour un autre endroit
       *[other] { $count } cartes pour d’autres endroits
    }
catalogue-own = Rien qu’à vous
catalogue-covers = Seulement : { $areas }

# The page of a widget: the card in each width, of the width of the board.
widget-sizes = Voici la carte
widget-width = Quelle largeur ?
widget-width-small = Sur un petit écran, chaque carte prend toute la largeur. La largeur compte sur un grand écran.
width-narrow = Étroite : une colonne
width-wide = Large : deux colonnes
width-full = Pleine : toute la largeur
width-best = convient le mieux
widget-covers = Où elle fonctionne
widget-covers-everywhere = Partout

# Quick find. What begins with find-words is never shown: by these words something is found too.
find-title = Chercher
find-lead = Allez à une carte, à un réglage ou à une nouveauté.
find-label = Que cherchez-vous ?
find-close = Fermer
find-none = Cela n’existe pas encore, ou porte un autre nom ici. Essayez un autre mot.
find-some = Résultats : { $count }. Entrée ouvre { $first }.
find-count =
    { $count ->
        [one] { $count } résultat
       *[other] { $count } résultats
    }
find-cards = Sur votre page
find-settings = Réglages et explications
find-widgets = À choisir
find-wanted = N’existe pas encore
wanted-try = Ceci peut aider : { $cards }
wanted-title = « { $name } » n’existe pas encore comme carte.
wanted-help = Ceci peut aider :
wanted-own = Mettez vous-même une source sur votre page :
find-card-number = carte { $number } de votre page
find-arrange = Modifier votre page
find-words-place = adresse code postal commune ville habiter déménager intérêts thèmes sujets préférences
find-words-arrange = déplacer ordre largeur taille supprimer enlever modifier
find-words-language = Nederlands français Deutsch English traduire
find-words-catalogue = catalogue widgets ajouter nouveau choisir
find-words-services = panne lent sources statut ne marche pas
find-words-privacy = cookies données effacer conserver sécurité rgpd
find-words-wall = tablette cuisine écran kiosque mur grand
find-words-forget = ordinateur partagé effacer déconnexion se déconnecter compte supprimer cookies oublier
find-words-accessibility = clavier lecteur d’écran contraste lettres aveugle malvoyant handicap
find-words-about = contact version licence qui
find-words-own-card = faire soi-même développer contribuer programmer
find-pages = Vos pages
find-words-look = clair sombre thème couleurs contraste aspect compact
find-words-history = annuler refaire modifications précédentes revenir rétablir historique
sets-title = Pour un moment de la vie
sets-lead = Quelques cartes ensemble. Vous les ajoutez en une fois, et vous pouvez l’annuler.
sets-add = Tout ajouter
sets-link = Ou choisissez des cartes pour un moment de votre vie.
