# What cards, messages, dates and forms say.
# The spaces in a time do not break.
clock = { $hour } h { $minute }
time = { $hour } h { $minute }
day-in-full = { $weekday } { $day ->
        [1] 1er
       *[other] { $day }
    } { $month } { $year }
day = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month }
day-and-year = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month } { $year }
day-and-time = { $day } à { $time }
yesterday = hier
today = aujourd’hui
tomorrow = demain
days-ago = { $days ->
        [one] il y a { $days } jour
       *[other] il y a { $days } jours
    }
in-days = { $days ->
        [one] dans { $days } jour
       *[other] dans { $days } jours
    }
in-weeks = { $weeks ->
        [one] dans { $weeks } semaine
       *[other] dans { $weeks } semaines
    }
age-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
age-hours = { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
age-days = { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
every-minutes = { $count ->
        [one] chaque minute
       *[other] toutes les { $count } minutes
    }
every-hours = { $count ->
        [one] chaque heure
       *[other] toutes les { $count } heures
    }
every-days = { $count ->
        [one] chaque jour
       *[other] tous les { $count } jours
    }
times = de { $from } à { $until }
until-day = jusqu’au { $day } inclus
from-day = à partir du { $day }
on-day = le { $day }
from-until-day = du { $from } au { $until } inclus
until-moment = { $kind ->
        [today] jusqu’à { $time }
        [date] jusqu’au { $moment }
       *[other] jusqu’à { $moment }
    }
from-moment = { $kind ->
        [today] à partir d’{ $moment }
        [yesterday] à partir d’{ $moment }
        [date] à partir du { $moment }
       *[other] à partir de { $moment }
    }
from-until = { $from_kind ->
        [today] d’aujourd’hui
        [yesterday] d’hier
        [date] du { $from_day }
       *[day] de { $from_day }
    } { $from_clock } { $until_kind ->
        [same] à { $until_clock }
        [date] au { $until_day } { $until_clock }
       *[day] à { $until_day } { $until_clock }
    }
platform = voie { $platform }
late = +{ $minutes } min, attendu à { $time }
cancelled = supprimé
minutes = { $minutes } min
arrives = arrivée à { $time }
changes = { $count ->
        [one] 1 correspondance
       *[other] { $count } correspondances
    }
towards = direction { $to }
leg = { $from } { $departs }, { $to } { $arrives } : { $duration } de trajet.
forecast-day = Jour
forecast-weather = Temps
forecast-rain = Pluie
forecast-low = Minimum
forecast-high = Maximum
forecast-over = Ces prévisions sont dépassées.
forecast-degrees = de { $low } à { $high } degrés
forecast-wind = vent { $wind } km/h
weather-clear = dégagé
weather-partly-cloudy = peu nuageux
weather-cloudy = couvert
weather-fog = brouillard
weather-drizzle = bruine
weather-rain = pluie
weather-showers = averses
weather-sleet = neige fondue ou grêle
weather-snow = neige
weather-snow-showers = averses de neige
weather-thunder = orages
weather-wind = beaucoup de vent
gauge-scale = sur une échelle de { $low } à { $high }
severity-minor = À savoir :
severity-moderate = Prudence :
severity-severe = Danger :
severity-extreme = Grand danger :
map-label = Lieux à moins de { $distance } : les chiffres sur la carte renvoient à la liste.
series-summary = Dernière valeur { $latest }, la plus basse { $lowest }, la plus haute { $highest }.
series-table = Afficher en tableau
series-column-moment = Moment
source-link = Source
alert-link = En savoir plus
sample = Exemple du { $moment } : ce ne sont pas de vraies données.
further = { $count ->
        [one] Et encore 1 autre
       *[other] Et encore { $count } autres
    }
remark-left-out = { $count ->
        [one] Une donnée de ce service était illisible et n’est pas affichée.
       *[other] { $count } données de ce service étaient illisibles et ne sont pas affichées.
    }
times-of = Heure locale : { $city ->
        [London] Londres
        [Lisbon] Lisbonne
        [Athens] Athènes
        [Bucharest] Bucarest
        [Moscow] Moscou
        [Azores] Açores
        [Canary] îles Canaries
        [Mexico_City] Mexico
       *[other] { $name }
    }
state-waiting = { $publisher } n’a pas encore répondu. Les données s’affichent dès qu’elles arrivent.
state-stale-since = Ces données datent du { $moment }. { $reason }
state-stale = Ces données datent de { $age }. { $reason }
state-refreshing = Nous cherchons les plus récentes.
state-needs-setting = À remplir d’abord : { $field }.
failure-slow = { $publisher } répond trop lentement.
failure-unreachable = { $publisher } est injoignable.
failure-name-not-found = L’adresse internet de { $publisher } est introuvable pour le moment.
failure-not-secure = Une connexion sûre avec { $publisher } n’est pas possible pour le moment.
failure-broken = { $publisher } a une panne.
failure-refused = { $publisher } refuse notre demande pour le moment.
failure-no-key = { $publisher } demande une clé, qui n’est pas encore installée ici.
failure-not-public = L’adresse web que vous avez donnée n’est pas accessible à tous. Vérifiez-la.
failure-too-large = { $publisher } envoie trop de données à la fois.
failure-unreadable = { $publisher } répond autrement que prévu.
failure-changed = Le service { $publisher } semble avoir changé : cette carte ne comprend plus sa réponse.
failure-not-a-feed = À cette adresse, il n’y a ni flux d’actualités ni site qui en annonce un. Vérifiez l’adresse.
failure-not-a-calendar = À cette adresse, il n’y a pas de calendrier. Vérifiez l’adresse.
own-licence = © l’éditeur
failure-busy = Trop de demandes arrivent en même temps pour { $publisher }.
failure-paused = L’exploitant de ce site a mis { $publisher } en pause.
state-unavailable = { $reason } Nous réessayons bientôt. En attendant, consultez le site du service.
widget-gone = Cette carte n’existe plus. Vous pouvez l’enlever.
greeting-morning = Bonjour
greeting-day = Bonjour
greeting-evening = Bonsoir
done-added = La carte « { $card } » est sur votre page.
done-removed = La carte « { $card } » est enlevée.
done-moved = La carte « { $card } » est maintenant à la place { $position } sur { $total }.
done-resized = La carte « { $card } » occupe maintenant { width-in-words }.
done-settings = Les réglages de la carte « { $card } » sont enregistrés.
done-refreshed = La carte « { $card } » est actualisée.
done-not-refreshed = La carte « { $card } » n’a pas encore pu être actualisée. Réessayez dans un instant.
done-undone = La dernière modification est annulée.
done-nothing-to-undo = Il n’y a rien à annuler.
done-welcome = C’est fait. Vous voyez maintenant ce qui vaut pour { $place }.
action-undo = Annuler
action-do-anyway = Le faire quand même
conflict = Cette page a été modifiée entre-temps dans une autre fenêtre. Votre modification n’est pas encore faite ; voici la page telle qu’elle est maintenant.
board-full = Votre page est pleine. Enlevez d’abord une carte.
board-too-large = Votre page devient trop grande. Le plus long est « { $field } » dans { $card }. Raccourcissez-le ou enlevez une carte. Rien n’a été modifié.
board-too-large-cards = Votre page devient trop grande. Enlevez une carte. Rien n’a été modifié.
edit-no-space = On a déjà enregistré énormément aujourd’hui depuis votre réseau. Réessayez demain. Rien n’a été modifié.
service-answers = répond
service-fails = ne répond pas comme il faut
service-not-asked = pas encore interrogé
service-samples = pas interrogé : des exemples sont affichés
conflict-gone = Cette carte a été enlevée entre-temps dans une autre fenêtre.
problem-missing-field = Remplissez « { $label } ».
problem-missing = Remplissez ce champ.
problem-too-long = Utilisez au maximum { $longest } caractères.
problem-too-long-field = Utilisez au maximum { $longest } caractères pour « { $label } ».
problem-too-many-bytes = C’est trop long. Utilisez moins de caractères ; un emoji compte pour quatre.
problem-board-too-large = Votre page devient trop grande pour enregistrer ceci. Raccourcissez-le, ou enlevez d’abord une carte.
problem-not-a-number = Indiquez un nombre.
problem-out-of-bounds = Indiquez un nombre de { $least } à { $most }.
problem-not-a-choice = Choisissez une des possibilités.
problem-not-a-plate = Indiquez une plaque, par exemple 11-ZKZ-3.
problem-not-a-web-address = Indiquez une adresse web, par exemple https://www.exemple.be/actualites.rss.
problem-unknown-place = Nous ne connaissons pas ce lieu. Indiquez un code postal ou une commune de Belgique.
problem-unknown-place-similar = Nous ne connaissons pas ce lieu. Voulez-vous dire { $similar } ?
problem-not-a-day = Choisissez un jour, par exemple 23/11/2026.
problem-day-between = Choisissez un jour du { $earliest } au { $latest }.
problem-day-late = Choisissez un jour jusqu’au { $latest }.
problem-day-early = Choisissez un jour à partir du { $earliest }.
problem-too-short = Tapez au moins { $least } caractères.
problem-nothing-found = Nous ne trouvons rien. Essayez un autre mot.
problem-not-chosen = Choisissez une des possibilités ci-dessous.
problem-cannot-look-up = La recherche est impossible pour le moment : le service ne répond pas. Réessayez plus tard.
lookup-found = { $count ->
        [one] Une possibilité trouvée.
       *[other] { $count } possibilités trouvées.
    }
lookup-search = Chercher
lookup-choose = Choisissez une de ces possibilités
problem-summary = { $count ->
        [one] Une réponse n’est pas utilisable.
       *[other] { $count } réponses ne sont pas utilisables.
    }
fact-place = votre lieu
evidence-recorded = Testé avec une vraie réponse du service
evidence-client = D’après des programmes qui utilisent le service
evidence-documented = D’après la documentation du service
error-not-found-title = Cette page n’existe pas
error-not-found = L’adresse est peut-être mal tapée, ou la page a déménagé.
error-foreign-title = Cette modification venait d’un autre site
error-foreign = Pour votre sécurité, elle n’a pas été faite. Ouvrez votre page et réessayez là.
error-unread-title = Nous n’avons pas pu lire cela
error-unread = Quelque chose ne va pas dans l’adresse ou dans le formulaire. Votre page n’a pas changé. Revenez en arrière et réessayez.
error-broken-title = Un problème est survenu chez nous
error-broken = Votre page n’a pas changé. Réessayez dans un instant.
error-store-title = Impossible d’enregistrer pour le moment
error-store = Rien n’a été modifié et rien n’est perdu. Vous pouvez continuer à consulter votre page. Réessayez dans quelques minutes.
live-lost = Le serveur est injoignable. Réessayez dans un instant.
weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche
weekday-short-1 = lu
weekday-short-2 = ma
weekday-short-3 = me
weekday-short-4 = je
weekday-short-5 = ve
weekday-short-6 = sa
weekday-short-7 = di
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
month-short-1 = janv
month-short-2 = févr
month-short-3 = mars
month-short-4 = avr
month-short-5 = mai
month-short-6 = juin
month-short-7 = juil
month-short-8 = août
month-short-9 = sept
month-short-10 = oct
month-short-11 = nov
month-short-12 = déc

# Cartes personnelles : elles n’ont pas de service.
own-source = Ceci ne figure que sur votre propre page
own-waiting = Cette carte n’est pas encore prête. Elle s’affiche dans un instant.
own-unavailable = Nous ne pouvons pas montrer cette carte pour le moment. Ce que vous avez écrit est toujours là.
links-source = Liens vers des pages officielles
links-unavailable = Nous ne pouvons pas montrer cette carte pour le moment. Réessayez plus tard.
own-write = Modifier
own-list-add = Ajouter
own-list-new = Ajouter quelque chose
own-list-clear = Enlever ce qui est coché
own-list-gone = Cela n’est plus sur la liste. Rien n’a changé.
own-list-refused = L’ajout n’a pas été possible. { $problem }
done-ticked = Coché sur la carte « { $card } ».
done-unticked = Remis sur la carte « { $card } ».
done-item-added = Ajouté à la carte « { $card } ».
done-items-cleared = Ce qui était coché a disparu de la carte « { $card } ».
problem-line-not-an-address = La ligne { $number } n’est pas une adresse web : « { $line } ». Commencez une adresse par https://.
problem-line-too-long = La ligne { $number } est trop longue. Utilisez au maximum { $longest } caractères par ligne.
problem-too-many-lines = Il y a de la place pour { $most }. Enlevez d’abord quelque chose.
lines-fit = Il y a de la place pour { $longest } caractères. Les émojis comptent pour quatre.
links-fit = Il y a de la place pour { $most } liens.
items-fit = Il y a de la place pour { $most } lignes, de { $longest } caractères au maximum.
