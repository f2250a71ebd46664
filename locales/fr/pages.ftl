# What pages say: the shell, the board, the catalogue, forms and texts.

# Around every page.
shell-description = Votre page d’accueil avec les services publics qui comptent pour vous : trains, déchets, travaux, conseil communal, alertes.
shell-skip = Aller au contenu
shell-catalogue = Choisir des cartes
shell-home = Ma page
shell-language = Langue
shell-promise = Vos choix restent ici. Pas de compte, pas de publicité, personne ne vous suit.
shell-services = État des services
shell-privacy = Vie privée
shell-accessibility = Accessibilité
shell-about = À propos de Voordeur
shell-own-card = Créer votre propre carte

# The board.
board-edit = Modifier ma page
board-done = Terminer
board-cards = Vos cartes
board-place = Votre commune
board-place-guess = inexact ? Choisissez la vôtre
board-sample = exemple
board-samples = Les cartes ci-dessous montrent des exemples enregistrés, pas des données actuelles.
board-arranging = Mettez vos cartes dans l’ordre et la largeur que vous voulez. Chaque changement est aussitôt enregistré.
board-add = Ajouter une carte
board-undo = Annuler
board-empty = Votre page est encore vide. Choisissez une carte que vous voulez voir chaque jour.

# The buttons of a card; the card's title follows.
card-refresh = Actualiser
card-again = Réessayer
card-reload = Recharger la page
card-settings = Réglages
card-fill-in = Compléter
card-earlier = Avancer
card-later = Reculer
card-wider = Élargir
card-narrower = Rétrécir
card-remove = Retirer

# The questions for who is new here.
welcome-title = Bienvenue à votre porte d’entrée
welcome-text = Dites où vous habitez et ce qui vous intéresse, et votre page est prête. Aucun compte n’est nécessaire.
welcome-place = Votre code postal ou commune
welcome-place-hint = Par exemple 5000 ou Namur.
welcome-interests = Que voulez-vous voir ?
welcome-save = Créer ma page
welcome-skip = Pas maintenant
welcome-page-title = Votre commune et vos intérêts
welcome-page-lead = Les cartes sans lieu propre suivent cette commune.
welcome-page-save = Enregistrer
welcome-page-skip = Ne rien changer

# The catalogue.
catalogue-title = Choisissez vos cartes
catalogue-lead = Chaque carte affiche un service public.
catalogue-search = Chercher une carte ou un service
catalogue-find = Chercher
catalogue-theme = Sujet
catalogue-all = Tout
catalogue-none = Aucune carte trouvée. Essayez un autre mot ou choisissez « Tout ».
catalogue-count =
    { $count ->
        [one] { $count } carte sur { $total }
       *[other] { $count } cartes sur { $total }
    }
catalogue-add = Ajouter
catalogue-add-again = En ajouter une autre
catalogue-have = Sur votre page

# The page of a widget.
widget-back = Toutes les cartes
widget-source = D’où cela vient
widget-publisher = Éditeur
widget-licence = Licence
widget-pace = Fréquence de nos demandes
widget-theme = Sujet
widget-evidence = Degré de certitude
widget-tier = Comment elle est testée
tier-bronze-means = Bronze : la carte fonctionne avec ses exemples et nomme sa source et sa licence.
tier-silver-means = Argent : la carte fonctionne dans chaque langue et dans chaque état, vérifie ce que vous remplissez et dit sur quoi reposent ses exemples.
tier-gold-means = Or : comme l’argent. De plus, la carte refuse toutes les réponses abîmées essayées, quelqu’un s’en occupe, et elle a été testée avec le vrai service.
widget-fields = Ce que la carte vous demande
widget-asked = Ce que nous disons au service
widget-asked-nothing = Rien sur vous. Notre serveur pose la même question pour tout le monde ; votre navigateur ne demande rien.
widget-asked-text = C’est notre serveur qui demande, jamais votre navigateur : le service ne voit donc pas qui vous êtes. Voici ce qui est transmis :
widget-sent = Reçoit :
widget-sent-nothing = rien sur vous
widget-no-key = Ne fonctionne pas encore ici : l’administrateur doit d’abord demander une clé.
widget-key-page = Où demander une clé
widget-hosts = La carte ne peut atteindre aucune autre adresse que celles-ci : { $hosts }.
widget-any-host = La carte ne consulte que l’adresse que vous donnez, et seulement si elle est accessible à tous.
host-of-your-own = l’adresse que vous donnez

# The settings of a card.
settings-title = Réglages de « { $card } »
settings-lead = Ce que vous indiquez ici ne vaut que pour cette carte.
settings-problem = Quelque chose ne va pas. Vérifiez ce qui est indiqué ci-dessous.
settings-optional = (facultatif)
settings-own-place = Laissez vide pour utiliser { $place }.
settings-between = De { $least } à { $most } { $unit }.
settings-save = Enregistrer
settings-cancel = Ne pas enregistrer

# How the services are doing.
services-title = État des services
services-lead = Si un service est en panne, seules les cartes qui en dépendent s’en ressentent.

# Privacy.
privacy-title = Vie privée
privacy-lead = Ce que nous gardons de vous, ce que nous ne gardons pas, et ce que chaque service apprend.
privacy-kept-title = Ce que nous gardons
privacy-kept = Vos cartes et vos pages, leur ordre et leurs réglages, votre commune, vos intérêts, votre langue et l’aspect des pages. Ni nom, ni adresse e-mail, ni mot de passe.
privacy-kept-changes = Vos cinquante dernières modifications, avec l’heure, pour que vous puissiez les annuler.
privacy-kept-visits = Quand vous avez fait votre premier choix, et quand vous êtes venu ici à peu près pour la dernière fois.
privacy-kept-feeds = Pour chaque adresse web de votre agenda : de quelle carte il s’agit, et quand elle a été lue pour la dernière fois. Nous ne pouvons plus lire sa partie secrète.
privacy-kept-answers = Ce que les services ont répondu. Rien n’y dit pour qui c’était.
privacy-browser = Si notre serveur est injoignable un moment, votre navigateur garde vos modifications sur votre appareil. Dès qu’elles sont envoyées, elles en disparaissent.
privacy-offline = Si vous dites que c’est votre propre appareil, votre navigateur garde aussi vos dernières pages, pour quand il n’y a pas d’internet. Après sept jours sans nouvelle visite, nous ne montrons plus une telle copie.
privacy-how-long-title = Combien de temps nous le gardons
privacy-how-long = Si vous ne venez pas pendant 90 jours, nous effaçons votre page et tout ce qui va avec. Chaque visite fait recommencer ces 90 jours, aussi pour le cookie. Une copie de secours de la personne qui gère ce site peut encore les contenir un moment.
privacy-cookie = Votre page est liée à une clé aléatoire dans un cookie. Aucun script ne peut lire ce cookie. Sans la clé, votre page est introuvable ; nous ne savons pas à qui elle appartient.
privacy-shared = Vous utilisez un ordinateur partagé ? Effacez ensuite tout :
privacy-not-title = Ce que nous ne faisons pas
privacy-not = Aucun compte n’est nécessaire. Nous ne vous suivons pas, nous ne mesurons pas vos visites et la page ne contient rien de tiers : ni publicité, ni polices, ni statistiques d’ailleurs. Votre navigateur ne parle qu’à ce serveur.
privacy-services-title = Ce que chaque service apprend
privacy-services = C’est notre serveur qui demande les données, jamais votre navigateur. Le service voit donc l’adresse de notre serveur et pas la vôtre. Il n’apprend que ce qui suit, et seulement si la carte est sur votre page.
privacy-told = Reçoit :
privacy-told-nothing = rien sur vous
privacy-gone-title = Comment tout effacer
privacy-gone = Un seul bouton efface tout, aussitôt, dans ce navigateur et sur notre serveur. Seule une copie de sauvegarde de l’exploitant du site peut encore le contenir un temps. Si vous effacez vous-même les cookies de ce site, la clé disparaît et plus personne ne peut ouvrir votre page ; ce que nous gardons est alors effacé automatiquement après 90 jours.

# About.
about-title = À propos de Voordeur
about-lead = Une page d’accueil que vous composez vous-même à partir de services publics.
about-what-title = Ce que c’est
about-what = Les administrations ouvrent beaucoup de données : horaires, calendriers de collecte, travaux, qualité de l’air, décisions du conseil communal. Elles se trouvent sur des dizaines de sites. Voordeur réunit ce qui compte pour vous, sur une page qui est la vôtre.
about-catalogue =
    { $count ->
        [one] Il y a actuellement une carte à choisir.
       *[other] Il y a actuellement { $count } cartes au choix.
    }
about-catalogue-link = Les voir toutes
about-promises-title = Ce que nous promettons
about-promise-broken = Un service lent ou en panne ne nuit qu’à sa propre carte.
about-promise-source = Chaque carte dit d’où viennent ses données et de quand elles datent.
about-promise-browser = Votre navigateur ne parle qu’à ce serveur. Vos choix ne vont nulle part ailleurs que là où une carte en a besoin.
about-own-title = Créer votre propre carte
about-own = Une administration, une entreprise ou un citoyen passionné peut ajouter un service. Le plus souvent sans programmer : une carte est un dossier avec une description et quelques réponses enregistrées du service.
about-own-how = Le guide se trouve avec le code source, dans le dossier widgets. Le projet vous dit précisément ce qui ne va pas encore.
about-icons-title = Icônes et licence
about-icons = Voordeur est un logiciel libre sous EUPL-1.2. Les icônes viennent de Lucide, sous licence ISC. Les données appartiennent à ceux qui les publient ; la licence figure sur chaque carte.
about-contact-title = Contact
about-contact = Pour joindre le gestionnaire de ce site :
about-version = Version { $version }

# The statement about accessibility.
accessibility-title = Accessibilité
accessibility-lead = Une porte d’entrée est faite pour tout le monde. Voici ce que nous faisons pour cela, et ce qui reste à améliorer.
accessibility-works-title = Ce qui fonctionne
accessibility-works-scripts = Chaque page et chaque modification fonctionne sans JavaScript.
accessibility-works-keyboard = Tout est possible au clavier : prendre une carte, la déplacer dans quatre directions, l’élargir ou la rétrécir, la déposer. Chaque étape est annoncée, et le focus reste sur la carte.
accessibility-works-reader = Les graphiques et les plans existent aussi en mots : une phrase, un tableau ou une liste. La gravité et les retards sont toujours écrits, jamais seulement en couleur.
accessibility-works-look = Vous choisissez clair, sombre ou contraste élevé, et aéré ou compact. Sans choix, la page suit votre appareil. Le texte peut être agrandi jusqu’à 200 % et la page jusqu’à 400 % sans que rien ne disparaisse. Qui demande moins d’animations en a moins.
accessibility-tested-title = Comment c’est vérifié
accessibility-tested = À chaque modification de Voordeur, axe parcourt chaque page, dans chaque couleur et chaque largeur, et les pages sont utilisées à la souris, au doigt et au clavier, et sans JavaScript. Le contraste de chaque couleur est recalculé : au moins 4,5 pour 1, et 7 pour 1 en contraste élevé. Nous visons WCAG 2.2, niveau AA.
accessibility-limits-title = Ce qui n’est pas encore bon
accessibility-limit-people = Ces vérifications sont automatiques. Des personnes qui utilisent chaque jour un lecteur d’écran ou d’autres aides n’ont pas encore évalué Voordeur.
accessibility-limit-language = Ce qu’un service écrit lui-même n’existe parfois qu’en une langue, et pas toujours en mots simples.
accessibility-limit-map = Un petit plan montre la distance et la direction, pas les rues. La liste à côté le dit en mots.
accessibility-tell-title = Un problème ?
accessibility-tell = Dites-le au gestionnaire de ce site : ce que vous vouliez faire, avec quel outil, et où cela a échoué.

# What could not be shown or done.
error-home = Vers ma page
error-catalogue = Chercher des cartes
error-status = Code { $status }

# Themes of life.
theme-moving-about = Se déplacer
theme-home-and-street = Maison et rue
theme-weather-and-environment = Météo et environnement
theme-council-and-law = Commune et loi
theme-family-and-school = Famille et école
theme-work-and-money = Travail et argent
settings-after-adding = La carte est en tête de votre page. Remplissez ceci pour qu’elle affiche quelque chose.
settings-after-welcome = Encore une question et votre page est prête. Vous pouvez aussi répondre plus tard.
settings-own-title = Titre personnel
settings-own-title-hint = Laissez vide pour utiliser « { $card } ».
settings-preview = Voici la carte, avec un exemple

links-title = Pages officielles
links-kept = Pour ce sujet, il n’existe pas de service ouvert que nous pourrions interroger. Cette carte mène donc aux pages officielles. Elle ne demande rien et ne transmet rien sur vous.
own-title = Rien qu’à vous
own-kept = Ce que vous écrivez sur cette carte est gardé avec votre page, et nulle part ailleurs. La carte ne demande rien à aucun service. Si vous enlevez la carte, vous pouvez encore annuler ; ensuite, le texte disparaît aussi.
privacy-kept-own = Ce que vous écrivez vous-même sur vos cartes personnelles ({ $cards }). Cela n’est envoyé à aucun service.

# Erasing everything.
forget-title = Oublier cet appareil
forget-what = Nous effaçons vos pages, vos cartes et leurs réglages, votre lieu, vos modifications et les adresses de votre agenda. Le cookie disparaît aussi, avec tout ce que ce navigateur garde de nous. Vous ne pourrez pas revenir en arrière.
forget-keep = Vous voulez retrouver votre page plus tard ? Gardez-la d’abord dans un fichier :
forget-do = Tout effacer
forget-not = Ne rien effacer
forget-done-title = Tout est effacé
forget-done = Notre serveur et ce navigateur ne savent plus rien de vous. Si ce site est encore ouvert dans un autre onglet, fermez-le.
forget-nothing = Nous ne gardons rien de ce navigateur.
forget-on = Vers une nouvelle page

# The device: pages without a network.
device-title = Cet appareil
device-lead = Ce que ce navigateur peut garder de vous, et comment tout effacer.
offline-title = Aussi sans internet
offline-what = C’est votre propre appareil ? Alors ce navigateur peut garder votre dernière page, pour que vous la voyiez aussi sans internet. Ne l’activez pas sur un ordinateur partagé. La copie disparaît d’elle-même après sept jours.
offline-is-on = C’est activé.
offline-on = Activer : c’est mon appareil
offline-off = Désactiver et effacer la copie
offline-copy = Pas de connexion. Vous voyez votre page du { $day }, { $time }.
offline-greeting = Votre page sans internet
