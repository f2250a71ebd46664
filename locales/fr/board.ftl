# Pages of a board, what was changed, and what waits to be sent.
page-first = Accueil
pages-label = Vos pages
page-change = Nom et icône
page-add = Ajouter une page
page-name = Nom
page-icon = Icône
page-icon-home = Maison
page-icon-work = Travail
page-icon-school = École
page-icon-people = Personnes
page-icon-heart = Cœur
page-icon-health = Santé
page-icon-train = Train
page-icon-bike = Vélo
page-icon-weather = Météo
page-icon-money = Argent
page-icon-star = Étoile
page-icon-folder = Dossier
page-save = Enregistrer
page-earlier = Vers l’avant
page-later = Vers l’arrière
page-remove = Retirer la page
page-remove-hint = Si vous retirez une page, ses cartes partent avec elle. Vous pouvez toujours annuler.
page-empty = Cette page est encore vide. Choisissez une carte, ou apportez-en une d’une autre page.
page-problem-name = Donnez à la page un nom de 40 caractères au plus.
page-gone = Entre-temps, cette page a été retirée dans une autre fenêtre.
page-last = C’est votre seule page. Elle reste.
pages-full = Vous avez déjà douze pages. Retirez-en d’abord une.
edit-unusable = Nous n’avons pas pu lire cela. Rien n’a changé ; réessayez avec les boutons ci-dessous.
board-redo = Rétablir

# The buttons of a card.
card-more = Plus
card-first = Au début
card-last = À la fin
card-fold = Replier
card-unfold = Déplier
card-page = Autre page
card-to-page = Déplacer

# What was done.
done-placed = La carte « { $card } » est maintenant à la place { $position } sur { $total } et occupe { width-in-words }.
done-to-page = La carte « { $card } » est maintenant sur la page « { $page } », place { $position } sur { $total }.
done-folded = La carte « { $card } » est repliée.
done-unfolded = La carte « { $card } » est de nouveau ouverte.
done-page-added = La page « { $page } » est ajoutée.
done-page-changed = La page « { $page } » est modifiée.
done-page-moved = La page « { $page } » est maintenant à la place { $position } sur { $total }.
done-page-removed = La page est retirée, avec ses cartes.
done-redone = La modification est rétablie.
done-history = Votre page est de nouveau comme à ce moment-là.
done-nothing-to-redo = Il n’y a rien à rétablir.
done-without-cookie = Rien n’a changé : votre navigateur ne nous envoie pas de cookie, et sans lui, nous ne pouvons pas garder votre page. Autorisez les cookies pour ce site, puis réessayez.
not-kept-title = Votre choix n’a pas été enregistré
not-kept-back = Retour

# Two tabs that changed the same.
conflict-title = Modifié deux fois
conflict-card = Entre-temps, la carte « { $card } » a aussi été modifiée dans une autre fenêtre. Choisissez ce que vous voulez garder ; d’ici là, rien ne change.
conflict-now = La page maintenant
conflict-wished = Votre version
conflict-keep = Garder
conflict-take = Appliquer ma version
conflict-page-name = Entre-temps, cette page a reçu un autre nom ou une autre icône dans une autre fenêtre. Elle s’appelle maintenant « { $now } », vous vouliez « { $mine } ».
conflict-page-remove = Entre-temps, quelque chose a été modifié sur cette page dans une autre fenêtre. Elle est encore là ; vérifiez si elle peut partir.
conflict-page-move = Entre-temps, cette page a été déplacée dans une autre fenêtre.
conflict-undo = Entre-temps, quelque chose a été modifié dans une autre fenêtre. Annuler reprend maintenant ceci : { $deed }.
conflict-redo = Entre-temps, quelque chose a été modifié dans une autre fenêtre. Rétablir fait maintenant ceci : { $deed }.
conflict-board = Entre-temps, quelque chose a été modifié dans une autre fenêtre. Si vous revenez quand même en arrière, cela est repris aussi.
difference-place = Sur la page « { $page } », place { $position }
difference-size = Occupe { width-in-words }
difference-folded = Repliée
difference-unfolded = Ouverte
difference-gone = Pas sur votre page
difference-setting = { $label } : { $value }
difference-open = non rempli
difference-yes = oui
difference-no = non

# The history.
history-title = Ce que vous avez modifié
history-lead = Les cinquante dernières modifications, les plus récentes d’abord. Vous pouvez revenir à chaque moment.
history-link = Modifications
history-empty = Vous n’avez encore rien modifié. Ce que vous changez à votre page, vous le retrouvez ici.
history-to-board = Vers ma page
history-now = comme c’est maintenant
history-undone = annulé
history-go-back = Revenir ici
history-go-forward = Rétablir jusqu’ici
history-beginning = Le début
change-gone = Nous ne gardons pas les modifications si anciennes.
deed-added = Carte « { $card } » ajoutée
deed-removed = Carte « { $card } » retirée
deed-put-back = Carte « { $card } » remise
deed-moved = Carte « { $card } » déplacée à la place { $position }
deed-to-page = Carte « { $card } » déplacée vers la page « { $page } », place { $position }
deed-resized = Carte « { $card } » : maintenant { width-in-words }
deed-folded = Carte « { $card } » repliée
deed-unfolded = Carte « { $card } » dépliée
deed-configured = Réglages de la carte « { $card } » modifiés
deed-arranged = Cartes dans l’ordre de ce qui compte pour vous
deed-page-added = Page « { $page } » ajoutée
deed-page-changed = Page « { $page } » modifiée
deed-page-moved = Page « { $page } » déplacée à la place { $position }
deed-page-removed = Page « { $page } » retirée
deed-changed = Une modification

# Edits that the server has not got yet; a number follows.
outbox-kept = Le serveur ne répond pas pour l’instant. Vos changements sont gardés sur cet appareil et partiront dès son retour. Encore à envoyer :
outbox-unkept = Le serveur ne répond pas pour l’instant, et ce navigateur ne peut rien garder. Laissez cette page ouverte : vos changements partiront dès son retour. Encore à envoyer :
outbox-send = Essayer maintenant
outbox-drop = Abandonner les changements
outbox-sent = Le serveur répond à nouveau. Tous vos changements sont enregistrés.
day-over = Le serveur est injoignable. Ce que vous voyez date encore de :

# The width of a card, as part of a sentence.
width-in-words = { $size ->
        [narrow] une colonne
        [wide] deux colonnes
       *[other] toute la largeur
    }
deed-started = Cartes choisies pour votre lieu et vos intérêts
deed-set = Cartes de « { $set } » ajoutées
done-set-added = Les cartes sont en tête de votre page.

deed-ticked = Élément coché sur la carte « { $card } »
deed-unticked = Élément remis sur la carte « { $card } »
deed-item-added = Élément ajouté à la carte « { $card } »
deed-items-cleared = Éléments cochés enlevés de la carte « { $card } »

# The band of today above the cards.
today-title = Aujourd’hui
today-weather = Météo
today-departure = Vers { $to }
today-delay = +{ $minutes } min
today-put-out = À sortir ce soir
today-collected-tomorrow = collecte demain
today-collected = Collecte aujourd’hui
today-further = et { $count } de plus

# The board on a wall.
wall-title = Écran mural
wall-updated = Mis à jour à { $time }
wall-offline = Pas de connexion. Vous voyez les données de { $time }.
wall-pause = Pause
wall-resume = Reprendre
wall-next = Page suivante
wall-close = Fermer
