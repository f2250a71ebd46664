# What cards, messages, dates and forms say.
# The spaces in a time do not break.
clock = { $hour }.{ $minute }
time = { $hour }.{ $minute } uur
day-in-full = { $weekday } { $day } { $month } { $year }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-time = { $day } { $time }
yesterday = gisteren
today = vandaag
tomorrow = morgen
days-ago = { $days ->
        [one] { $days } dag geleden
       *[other] { $days } dagen geleden
    }
in-days = { $days ->
        [one] over { $days } dag
       *[other] over { $days } dagen
    }
in-weeks = { $weeks ->
        [one] over { $weeks } week
       *[other] over { $weeks } weken
    }
age-minutes = { $count ->
        [one] { $count } minuut
       *[other] { $count } minuten
    }
age-hours = { $count ->
        [one] { $count } uur
       *[other] { $count } uur
    }
age-days = { $count ->
        [one] { $count } dag
       *[other] { $count } dagen
    }
every-minutes = { $count ->
        [one] elke minuut
       *[other] elke { $count } minuten
    }
every-hours = { $count ->
        [one] elk uur
       *[other] elke { $count } uur
    }
every-days = { $count ->
        [one] elke dag
       *[other] elke { $count } dagen
    }
times = { $from }–{ $until } uur
until-day = tot en met { $day }
from-day = vanaf { $day }
on-day = op { $day }
from-until-day = van { $from } tot en met { $until }
until-moment = { $kind ->
        [today] tot { $time }
       *[other] tot { $moment }
    }
from-moment = { $kind ->
       *[other] vanaf { $moment }
    }
from-until = { $from_kind ->
       *[day] { $from_day } { $from_clock } uur
    } tot { $until_kind ->
        [same] { $until_clock } uur
       *[day] { $until_day } { $until_clock } uur
    }
platform = spoor { $platform }
late = +{ $minutes } min, verwacht { $time }
cancelled = rijdt niet
minutes = { $minutes } min
arrives = aankomst { $time }
changes = { $count ->
        [one] 1 keer overstappen
       *[other] { $count } keer overstappen
    }
towards = richting { $to }
leg = { $from } { $departs }, { $to } { $arrives }: { $duration } onderweg.
forecast-day = Dag
forecast-weather = Weer
forecast-rain = Regen
forecast-low = Laagste
forecast-high = Hoogste
forecast-over = Deze voorspelling is voorbij.
forecast-degrees = { $low } tot { $high } graden
forecast-wind = wind { $wind } km/u
weather-clear = helder
weather-partly-cloudy = licht bewolkt
weather-cloudy = bewolkt
weather-fog = mist
weather-drizzle = motregen
weather-rain = regen
weather-showers = regenbuien
weather-sleet = natte sneeuw of hagel
weather-snow = sneeuw
weather-snow-showers = sneeuwbuien
weather-thunder = onweer
weather-wind = veel wind
gauge-scale = op een schaal van { $low } tot { $high }
severity-minor = Let op:
severity-moderate = Wees voorzichtig:
severity-severe = Gevaar:
severity-extreme = Groot gevaar:
map-label = Plaatsen binnen { $distance }: de cijfers op de kaart horen bij de lijst.
series-summary = Laatste waarde { $latest }, laagste { $lowest }, hoogste { $highest }.
series-table = Toon als tabel
series-column-moment = Moment
source-link = Bron
alert-link = Meer
sample = Voorbeeld van { $moment }: geen echte gegevens.
further = { $count ->
        [one] En nog 1
       *[other] En nog { $count }
    }
remark-left-out = { $count ->
        [one] Eén gegeven van deze dienst was onleesbaar en is weggelaten.
       *[other] { $count } gegevens van deze dienst waren onleesbaar en zijn weggelaten.
    }
times-of = Tijden van { $city ->
        [London] Londen
        [Lisbon] Lissabon
        [Athens] Athene
        [Bucharest] Boekarest
        [Istanbul] Istanboel
        [Moscow] Moskou
        [Kyiv] Kiev
        [Azores] de Azoren
        [Canary] de Canarische Eilanden
        [Tokyo] Tokio
        [Mexico_City] Mexico-Stad
       *[other] { $name }
    }
state-waiting = { $publisher } heeft nog niet geantwoord. De gegevens verschijnen zodra ze er zijn.
state-stale-since = Dit zijn gegevens van { $moment }. { $reason }
state-stale = Dit zijn gegevens van { $age } geleden. { $reason }
state-refreshing = We halen de nieuwste op.
state-needs-setting = Vul eerst dit in: { $field }.
failure-slow = { $publisher } antwoordt te traag.
failure-unreachable = { $publisher } is niet bereikbaar.
failure-name-not-found = Het internetadres van { $publisher } is nu niet te vinden.
failure-not-secure = Een veilige verbinding met { $publisher } lukt nu niet.
failure-broken = { $publisher } heeft een storing.
failure-refused = { $publisher } weigert onze vragen voorlopig.
failure-no-key = Voor { $publisher } is een sleutel nodig, en die is hier nog niet ingesteld.
failure-not-public = Het webadres dat je gaf, is niet voor iedereen bereikbaar. Kijk het na.
failure-too-large = { $publisher } stuurt te veel gegevens in één keer.
failure-unreadable = { $publisher } antwoordt anders dan verwacht.
failure-changed = De dienst van { $publisher } lijkt veranderd: deze kaart begrijpt zijn antwoord niet meer.
failure-not-a-feed = Op dit adres staat geen nieuwsfeed, en ook geen site die er een aankondigt. Kijk het adres na.
failure-not-a-calendar = Op dit adres staat geen kalender. Kijk het adres na.
own-licence = © de uitgever
failure-busy = Er zijn nu te veel vragen tegelijk voor { $publisher }.
failure-paused = De beheerder van deze website heeft { $publisher } even op pauze gezet.
state-unavailable = { $reason } We proberen het straks opnieuw. Je kunt intussen op de website van de dienst kijken.
widget-gone = Deze kaart bestaat niet meer. Je kunt ze weghalen.
greeting-morning = Goedemorgen
greeting-day = Goeiedag
greeting-evening = Goedenavond
done-added = “{ $card }” staat op je pagina.
done-removed = “{ $card }” is weg.
done-moved = “{ $card }” staat nu op plaats { $position } van { $total }.
done-resized = “{ $card }” neemt nu { width-in-words } in.
done-settings = De instellingen van “{ $card }” zijn bewaard.
done-refreshed = “{ $card }” is vernieuwd.
done-not-refreshed = “{ $card }” kon nog niet vernieuwd worden. Probeer het straks opnieuw.
done-undone = De laatste wijziging is ongedaan gemaakt.
done-nothing-to-undo = Er is niets om ongedaan te maken.
done-welcome = Klaar. Je ziet nu wat voor { $place } geldt.
action-undo = Ongedaan maken
action-do-anyway = Toch doen
conflict = Deze pagina is intussen in een ander venster gewijzigd. Je wijziging is nog niet gedaan; hieronder staat de pagina zoals ze nu is.
board-full = Je pagina is vol. Haal eerst een kaart weg.
board-too-large = Je pagina wordt te groot. Het langste is “{ $field }” bij { $card }. Maak dat korter of haal een kaart weg. Er is niets gewijzigd.
board-too-large-cards = Je pagina wordt te groot. Haal een kaart weg. Er is niets gewijzigd.
edit-no-space = Vanaf jouw netwerk is vandaag al heel veel bewaard. Probeer het morgen opnieuw. Er is niets gewijzigd.
service-answers = antwoordt
service-fails = antwoordt niet zoals het hoort
service-not-asked = nog niets gevraagd
service-samples = niet gevraagd: er worden voorbeelden getoond
conflict-gone = Deze kaart is intussen in een ander venster weggehaald.
problem-missing-field = Vul “{ $label }” in.
problem-missing = Vul dit in.
problem-too-long = Gebruik hoogstens { $longest } tekens.
problem-too-long-field = Gebruik hoogstens { $longest } tekens voor “{ $label }”.
problem-too-many-bytes = Dit is te lang. Gebruik minder tekens; emoji tellen voor vier.
problem-board-too-large = Je pagina wordt te groot om dit te bewaren. Maak dit korter, of haal eerst een kaart weg.
problem-not-a-number = Vul een getal in.
problem-out-of-bounds = Vul een getal in van { $least } tot { $most }.
problem-not-a-choice = Kies een van de mogelijkheden.
problem-not-a-plate = Vul een nummerplaat in, bijvoorbeeld 11-ZKZ-3.
problem-not-a-web-address = Vul een webadres in, bijvoorbeeld https://www.voorbeeld.be/nieuws.rss.
problem-unknown-place = Die plaats kennen we niet. Vul een Belgische postcode of gemeente in.
problem-unknown-place-similar = Die plaats kennen we niet. Bedoel je { $similar }?
problem-not-a-day = Kies een dag, bijvoorbeeld 23-11-2026.
problem-day-between = Kies een dag van { $earliest } tot en met { $latest }.
problem-day-late = Kies een dag tot en met { $latest }.
problem-day-early = Kies een dag vanaf { $earliest }.
problem-too-short = Typ minstens { $least } tekens.
problem-nothing-found = Daar vinden we niets mee. Probeer een ander woord.
problem-not-chosen = Kies een van de mogelijkheden hieronder.
problem-cannot-look-up = We kunnen nu niets opzoeken: de dienst antwoordt niet. Probeer het straks opnieuw.
lookup-found = { $count ->
        [one] Eén mogelijkheid gevonden.
       *[other] { $count } mogelijkheden gevonden.
    }
lookup-search = Zoeken
lookup-choose = Kies een van deze mogelijkheden
problem-summary = { $count ->
        [one] Er is één antwoord dat we niet kunnen gebruiken.
       *[other] Er zijn { $count } antwoorden die we niet kunnen gebruiken.
    }
fact-place = je plaats
evidence-recorded = Getest met een echt antwoord van de dienst
evidence-client = Volgens programma’s die de dienst gebruiken
evidence-documented = Volgens de documentatie van de dienst
error-not-found-title = Deze pagina bestaat niet
error-not-found = Misschien zit er een tikfout in het adres, of is de pagina verhuisd.
error-foreign-title = Deze wijziging kwam van een andere website
error-foreign = Voor je veiligheid is ze niet uitgevoerd. Open je pagina en probeer het daar.
error-unread-title = Dit konden we niet lezen
error-unread = Er klopt iets niet in het adres of in het formulier. Je pagina is niet veranderd. Ga terug en probeer het opnieuw.
error-broken-title = Er ging iets mis bij ons
error-broken = Je pagina is niet veranderd. Probeer het zo meteen opnieuw.
error-store-title = Opslaan lukt nu niet
error-store = Er is niets gewijzigd en er is niets verloren. Je pagina kun je gewoon blijven bekijken. Probeer het over een paar minuten opnieuw.
live-lost = De server is niet bereikbaar. Probeer het zo meteen opnieuw.
weekday-1 = maandag
weekday-2 = dinsdag
weekday-3 = woensdag
weekday-4 = donderdag
weekday-5 = vrijdag
weekday-6 = zaterdag
weekday-7 = zondag
weekday-short-1 = ma
weekday-short-2 = di
weekday-short-3 = wo
weekday-short-4 = do
weekday-short-5 = vr
weekday-short-6 = za
weekday-short-7 = zo
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
month-short-1 = jan
month-short-2 = feb
month-short-3 = mrt
month-short-4 = apr
month-short-5 = mei
month-short-6 = jun
month-short-7 = jul
month-short-8 = aug
month-short-9 = sep
month-short-10 = okt
month-short-11 = nov
month-short-12 = dec

# Kaarten van jezelf: ze hebben geen dienst.
own-source = Dit staat alleen op je eigen pagina
own-waiting = Deze kaart is nog niet klaar. Ze verschijnt zo meteen.
own-unavailable = Deze kaart kunnen we nu niet tonen. Wat je schreef, is er nog.
links-source = Links naar officiële pagina’s
links-unavailable = Deze kaart kunnen we nu niet tonen. Probeer het straks opnieuw.
own-write = Aanpassen
own-list-add = Toevoegen
own-list-new = Iets toevoegen
own-list-clear = Afgevinkte items weghalen
own-list-gone = Dat staat niet meer op de lijst. Er is niets veranderd.
own-list-refused = Dat kon er niet bij. { $problem }
done-ticked = Afgevinkt op “{ $card }”.
done-unticked = Weer op “{ $card }” gezet.
done-item-added = Toegevoegd aan “{ $card }”.
done-items-cleared = De afgevinkte items zijn weg van “{ $card }”.
problem-line-not-an-address = Regel { $number } is geen webadres: “{ $line }”. Begin een adres met https://.
problem-line-too-long = Regel { $number } is te lang. Gebruik hoogstens { $longest } tekens per regel.
problem-too-many-lines = Er is plaats voor { $most }. Haal eerst iets weg.
lines-fit = Er passen { $longest } tekens in. Emoji tellen voor vier.
links-fit = Er passen { $most } links in.
items-fit = Er passen { $most } regels in, van hoogstens { $longest } tekens.
